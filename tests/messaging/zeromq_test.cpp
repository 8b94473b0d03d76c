// SPDX-License-Identifier: Apache-2.0
// The transport suite over ZeroMQ, and what only ZeroMQ has: keys, descriptors, copies.
#include <structwire/messaging/zeromq.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "tests/messaging/transport_suite.hpp"
#include "tests/messaging/zeromq_world.hpp"
#include "tests/support/allocation_count.hpp"
#include "tests/support/this_process.hpp"

namespace structwire::messaging::testing {

using namespace std::chrono_literals;
using structwire::testing::descriptors;
using structwire::testing::NoDescriptors;
using structwire::testing::processor_seconds;

namespace {

TransportSetup setup_of(std::string name, ZeromqWorld::Kind kind) {
  return {.name = std::move(name), .world = [kind] { return std::make_unique<ZeromqWorld>(kind); }};
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Zeromq, TransportSuite,
                         ::testing::Values(setup_of("tcp", ZeromqWorld::Kind::tcp),
                                           setup_of("ipc", ZeromqWorld::Kind::ipc),
                                           setup_of("curve", ZeromqWorld::Kind::curve)),
                         name_of_setup);

namespace {

const ZeromqCounters& counters_of(const TransportNode& node) {
  return static_cast<const ZeromqTransport&>(*node.transport).counters();
}

class ZeromqTest : public ::testing::Test {
 protected:
  TransportNode node(ZeromqOptions options) { return TransportNode(zeromq(std::move(options))); }
  void connect(TransportNode& dialler, TransportNode& listener) {
    address_ = listener.transport->listen("tcp://127.0.0.1:*").value();
    dialler.transport->dial(address_).value();
    ASSERT_TRUE(pump(world_, {&dialler, &listener}, [&] { return listener.frames() == 1; }));
  }
  ZeromqWorld world_{ZeromqWorld::Kind::tcp};
  std::string address_;
};

// ---- copies

TEST_F(ZeromqTest, a_large_part_is_sent_from_where_it_is_and_let_go_when_it_is_gone) {
  TransportNode listener = node(world_.options());
  TransportNode dialler = node(world_.options());
  listener.keeps = false;
  connect(dialler, listener);
  constexpr std::size_t size = 10u << 20;
  const std::shared_ptr<std::byte[]> owner(new std::byte[size]{});
  const Payload body({owner.get(), size}, owner);
  const long before = owner.use_count();
  // libzmq has a share until the last byte is gone. That takes it milliseconds, but it may be quicker than this thread.
  bool shared = false;
  std::size_t sent = 0;
  while (!shared && sent < 50) {
    dialler.transport->send(dialler.last().id, {Payload(Buffer("head")), body});
    shared = !dialler.transport->congested(dialler.last().id) && owner.use_count() > before;
    ++sent;
    ASSERT_TRUE(pump(world_, {&dialler, &listener}, [&] { return listener.frames() == 1 + sent; }));
    ASSERT_TRUE(pump(world_, {&dialler}, [&] { return owner.use_count() == before; }));
  }
  EXPECT_TRUE(shared) << "it was copied";
}

TEST_F(ZeromqTest, a_small_part_is_copied_and_its_owner_let_go) {
  TransportNode listener = node(world_.options());
  TransportNode dialler = node(world_.options());
  connect(dialler, listener);
  auto owner = std::make_shared<std::array<std::byte, 8191>>();
  dialler.transport->send(dialler.last().id, {Payload(*owner, owner), {}});
  EXPECT_EQ(owner.use_count(), 1);
}

TEST_F(ZeromqTest, large_parts_are_received_as_views) {
  TransportNode listener = node(world_.options());
  TransportNode dialler = node(world_.options());
  connect(dialler, listener);
  for (unsigned i = 0; i < 4; ++i)
    dialler.transport->send(dialler.last().id, frame_of(8192, 1 << 20, i));
  const structwire::testing::AllocationPeak peak;
  ASSERT_TRUE(pump(world_, {&listener}, [&] { return listener.frames() == 5; }));
  EXPECT_LT(peak.bytes(), 8192u) << "it was copied";
  Frame last = listener.last().frames.back();
  const Payload alone = last.body.detach();
  listener.transport.reset();
  EXPECT_TRUE(same_frame(last, frame_of(8192, 1 << 20, 3))) << "a frame outlives its transport";
  EXPECT_NE(alone.data(), last.body.data());
}

// ---- keys

TEST_F(ZeromqTest, both_ends_know_the_key_of_the_other_one) {
  const CurveKeys server = curve_keypair().value();
  const CurveKeys client = curve_keypair().value();
  EXPECT_EQ(server.public_key.size(), 40u);
  EXPECT_NE(server.public_key, client.public_key);
  ZeromqOptions listens = world_.options();
  listens.keys = server;
  listens.allowed_keys = {curve_keypair().value().public_key, client.public_key};
  ZeromqOptions dials = world_.options();
  dials.keys = client;
  dials.server_keys[""] = server.public_key;
  TransportNode listener = node(listens);
  TransportNode dialler = node(dials);
  connect(dialler, listener);
  EXPECT_EQ(listener.last().info.credentials, client.public_key);
  EXPECT_EQ(dialler.last().info.credentials, server.public_key);
}

TEST_F(ZeromqTest, strangers_get_nothing) {
  const CurveKeys server = curve_keypair().value();
  const CurveKeys client = curve_keypair().value();
  ZeromqOptions listens = world_.options();
  listens.keys = server;
  listens.allowed_keys = {client.public_key};
  TransportNode listener = node(listens);
  const std::string address = listener.transport->listen("tcp://127.0.0.1:*").value();
  ZeromqOptions unknown = world_.options();
  unknown.keys = curve_keypair().value();
  unknown.server_keys[""] = server.public_key;
  ZeromqOptions mistaken = world_.options();
  mistaken.keys = client;
  mistaken.server_keys[""] = curve_keypair().value().public_key;
  const ZeromqOptions plain = world_.options();
  std::vector<TransportNode> strangers;
  for (const ZeromqOptions& options : {unknown, mistaken, plain}) {
    strangers.push_back(node(options));
    strangers.back().transport->dial(address).value();
  }
  ASSERT_TRUE(pump(world_, {&listener, &strangers[0], &strangers[1], &strangers[2]}, [&] {
    return counters_of(listener).keys_refused >= 3 && counters_of(listener).handshakes_failed >= 3;
  }));
  EXPECT_EQ(listener.links.size(), 0u);
  for (const TransportNode& stranger : strangers) EXPECT_EQ(stranger.links.size(), 0u);
  // And who is known still gets in.
  mistaken.server_keys[""] = server.public_key;
  TransportNode known = node(mistaken);
  known.transport->dial(address).value();
  EXPECT_TRUE(pump(world_, {&listener, &known}, [&] { return listener.frames() == 1; }));
}

TEST_F(ZeromqTest, with_keys_and_nobody_on_the_list_nobody_gets_in) {
  ZeromqOptions options = world_.options();
  options.keys = curve_keypair().value();
  options.server_keys[""] = options.keys->public_key;
  TransportNode listener = node(options);
  TransportNode dialler = node(options);
  dialler.transport->dial(listener.transport->listen("tcp://127.0.0.1:*").value()).value();
  ASSERT_TRUE(
      pump(world_, {&listener, &dialler}, [&] { return counters_of(listener).keys_refused > 0; }));
  EXPECT_EQ(listener.links.size(), 0u);
  EXPECT_EQ(dialler.links.size(), 0u);
}

TEST_F(ZeromqTest, keys_that_are_none_are_errors) {
  ZeromqOptions options = world_.options();
  options.keys = CurveKeys{.public_key = "short", .secret_key = "short"};
  options.server_keys[""] = "short";
  EXPECT_EQ(zeromq(options)->listen("tcp://127.0.0.1:*").error().code(), ErrorCode::invalid_text);
  EXPECT_EQ(zeromq(options)->dial("tcp://127.0.0.1:9").error().code(), ErrorCode::invalid_text);
  options.keys = curve_keypair().value();
  EXPECT_EQ(zeromq(options)->dial("tcp://127.0.0.1:9").error().code(), ErrorCode::invalid_text);
  options.server_keys.clear();
  EXPECT_EQ(zeromq(options)->dial("tcp://127.0.0.1:9").error().code(), ErrorCode::refused);
  options.allowed_keys = {"short"};
  EXPECT_EQ(zeromq(options)->listen("tcp://127.0.0.1:*").error().code(), ErrorCode::invalid_text);
}

TEST_F(ZeromqTest, an_address_in_use_is_an_error_that_says_so) {
  TransportNode listener = node(world_.options());
  const std::string address = listener.transport->listen("tcp://127.0.0.1:*").value();
  const auto again = node(world_.options()).transport->listen(address);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), ErrorCode::io);
  EXPECT_EQ(again.error().message(), "Cannot listen at " + address + ": Address already in use");
}

// ---- waiting

TEST_F(ZeromqTest, waiting_takes_no_processor_time) {
  // One who answers the call and says nothing, one who is not there, one who waits.
  TransportNode silent = node(world_.options());
  const int port = free_port();
  const int listens = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  ASSERT_EQ(bind(listens, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(listens, 10), 0);
  silent.transport->dial("tcp://127.0.0.1:" + std::to_string(port)).value();
  silent.transport->dial(world_.fixed_address()).value();
  silent.transport->listen("tcp://127.0.0.1:*").value();
  const double before = processor_seconds();
  const Instant end = later(world_.now(), 300ms);
  while (world_.now() < end) silent.transport->poll(silent, end);
  EXPECT_LT(processor_seconds() - before, 0.1);
  close(listens);
}

// ---- descriptors

TEST_F(ZeromqTest, a_thousand_reconnects_leak_no_descriptors) {
  ZeromqOptions options = world_.options();
  options.redial_first = options.redial_longest = 100us;
  TransportNode listener = node(options);
  TransportNode dialler = node(options);
  connect(dialler, listener);
  pump_for(world_, {&dialler, &listener}, 50ms);
  const std::size_t before = descriptors();
  listener.on_frame = [&](LinkId link, const Frame&) {
    if (listener.frames() % 2 == 0) listener.transport->close(link);
  };
  for (std::size_t round = 2; round <= 1001; ++round) {
    if (round % 2 == 0) dialler.transport->close(dialler.last().id);
    ASSERT_TRUE(pump(world_, {&dialler, &listener}, [&] { return listener.frames() == round; }))
        << round;
  }
  EXPECT_TRUE(pump(world_, {&dialler, &listener}, [&] { return descriptors() <= before; }))
      << before << " before, " << descriptors() << " after";
  EXPECT_EQ(listener.links.size(), 1001u);
  EXPECT_EQ(counters_of(listener).messages_refused, 0u);
}

TEST_F(ZeromqTest, no_descriptors_are_an_error_and_it_works_when_there_are_some_again) {
  TransportNode late = node(world_.options());
  {
    const NoDescriptors none;
    const auto listens = late.transport->listen("tcp://127.0.0.1:*");
    ASSERT_FALSE(listens);
    EXPECT_EQ(listens.error().code(), ErrorCode::io);
    EXPECT_FALSE(late.transport->dial("tcp://127.0.0.1:9"));
    TransportNode later = node(world_.options());
    EXPECT_FALSE(later.transport->dial("tcp://127.0.0.1:9"));
    later.transport->poll(later, world_.now());
    later.transport->wake();
  }
  TransportNode dialler = node(world_.options());
  connect(dialler, late);
  {
    const NoDescriptors none;
    EXPECT_FALSE(late.transport->listen("tcp://127.0.0.1:*"));
    dialler.transport->close(dialler.last().id);
    EXPECT_TRUE(
        pump(world_, {&dialler, &late}, [&] { return counters_of(dialler).dials_failed > 1; }));
    EXPECT_EQ(dialler.links.size(), 1u);
  }
  EXPECT_TRUE(pump(world_, {&dialler, &late}, [&] { return late.frames() == 2; }));
}

TEST_F(ZeromqTest, a_listener_without_descriptors_serves_whom_it_has_and_others_later) {
  TransportNode listener = node(world_.options());
  TransportNode first = node(world_.options());
  connect(first, listener);
  // Its own descriptors are there: what is short is one for the connection that it accepts.
  ZeromqOptions options = world_.options();
  options.connect_timeout = 500ms;
  TransportNode second = node(options);
  second.transport->dial(address_).value();
  {
    const NoDescriptors none;
    second.transport->poll(second, later(world_.now(), 20ms));
    listener.answers = true;
    first.transport->send(first.last().id, frame_of(100, 20000, 1));
    EXPECT_TRUE(pump(world_, {&first, &listener}, [&] { return first.frames() == 1; }));
  }
  EXPECT_TRUE(pump(world_, {&first, &second, &listener}, [&] { return second.frames() == 1; }));
}

}  // namespace

}  // namespace structwire::messaging::testing
