// SPDX-License-Identifier: Apache-2.0
// The transport suite over stream sockets, and what only they have: files, users, descriptors, copies.
#include <structwire/messaging/stream_sockets.hpp>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/messaging/stream_world.hpp"
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

TransportSetup setup_of(std::string name, StreamWorld::Kind kind) {
  return {.name = std::move(name), .world = [kind] { return std::make_unique<StreamWorld>(kind); }};
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Stream, TransportSuite,
                         ::testing::Values(setup_of("file", StreamWorld::Kind::file),
                                           setup_of("abstract", StreamWorld::Kind::abstract),
                                           setup_of("tcp", StreamWorld::Kind::tcp)),
                         name_of_setup);

namespace {

class StreamTest : public ::testing::Test {
 protected:
  TransportNode node(StreamOptions options) { return TransportNode(stream_sockets(std::move(options))); }
  TransportNode node() { return node(world_.options()); }
  void connect(TransportNode& dialler, TransportNode& listener, const std::string& at = "unix://*") {
    address_ = listener.transport->listen(at).value();
    dialler.transport->dial(address_).value();
    ASSERT_TRUE(pump(world_, {&dialler, &listener}, [&] { return listener.frames() == 1; }));
  }
  StreamWorld world_{StreamWorld::Kind::file};
  std::string address_;
};

// ---- addresses

TEST_F(StreamTest, addresses_that_are_none_are_errors_that_say_so) {
  const auto transport = stream_sockets();
  const auto code = [](const auto& result) { return result ? ErrorCode::none : result.error().code(); };
  for (const std::string& address :
       {std::string("unix://"), std::string("unix://@"), "unix://" + std::string(108, 'x'), std::string("tcp://"),
        std::string("tcp://127.0.0.1"), std::string("tcp://127.0.0.1:"), std::string("tcp://127.0.0.1:65536"),
        std::string("tcp://127.0.0.1:1x"), std::string("tcp://:5"), std::string("tcp://::1:5"), std::string("unix://a\0b", 10)}) {
    EXPECT_EQ(code(transport->listen(address)), ErrorCode::invalid_text) << address;
    EXPECT_EQ(code(transport->dial(address)), ErrorCode::invalid_text) << address;
  }
  for (const std::string_view address : {"tcp://*:5", "tcp://127.0.0.1:*", "tcp://127.0.0.1:0", "unix://*"})
    EXPECT_EQ(code(transport->dial(address)), ErrorCode::invalid_text) << address;
  for (const std::string_view address : {"ipc://x", "tcp://somewhere.example:5", "tcp://127.1:5", "tcp://[nowhere]:5"}) {
    EXPECT_EQ(code(transport->listen(address)), ErrorCode::unsupported) << address;
    EXPECT_EQ(code(transport->dial(address)), ErrorCode::unsupported) << address;
  }
}

TEST_F(StreamTest, hosts_have_many_forms) {
  for (const std::string at : {"tcp://localhost:*", "tcp://*:0", "tcp://[::1]:*", "tcp://[::]:*"}) {
    TransportNode listener = node();
    const auto address = listener.transport->listen(at);
    if (!address) {
      EXPECT_NE(at.find("::"), std::string::npos) << "only IPv6 may be missing here: " << at << address.error().message();
      continue;
    }
    EXPECT_FALSE(address->ends_with(":0") || address->ends_with("*")) << *address;
    TransportNode dialler = node();
    ASSERT_TRUE(dialler.transport->dial(*address)) << *address;
    ASSERT_TRUE(pump(world_, {&dialler, &listener}, [&] { return listener.frames() == 1; })) << *address;
    EXPECT_TRUE(listener.last().info.on_this_machine);
    EXPECT_TRUE(dialler.last().info.on_this_machine);
    EXPECT_TRUE(listener.last().info.peer.starts_with("tcp://")) << listener.last().info.peer;
    EXPECT_EQ(listener.last().info.credentials, "");
    EXPECT_EQ(dialler.last().info.peer, *address);
  }
}

// ---- files

TEST_F(StreamTest, a_socket_file_is_there_while_somebody_listens) {
  const std::string file = world_.free_file();
  {
    TransportNode listener = node();
    EXPECT_EQ(listener.transport->listen("unix://" + file).value(), "unix://" + file);
    EXPECT_TRUE(std::filesystem::is_socket(file));
  }
  EXPECT_FALSE(std::filesystem::exists(file));
  std::string folder;
  {
    TransportNode listener = node();
    const std::string address = listener.transport->listen("unix://*").value();
    folder = std::filesystem::path(address.substr(7)).parent_path();
    EXPECT_EQ(std::filesystem::status(folder).permissions(), std::filesystem::perms::owner_all);
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(StreamTest, a_file_that_was_left_behind_is_replaced_and_one_in_use_is_not) {
  const std::string file = world_.free_file();
  const int left = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, file.c_str(), sizeof name.sun_path - 1);
  ASSERT_EQ(bind(left, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  close(left);
  TransportNode listener = node();
  ASSERT_TRUE(listener.transport->listen("unix://" + file));
  const auto again = node().transport->listen("unix://" + file);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), ErrorCode::io);
  EXPECT_EQ(again.error().message(), "Cannot listen at unix://" + file + ": Address already in use");
  EXPECT_TRUE(std::filesystem::is_socket(file));
  const std::string other = world_.free_file();
  std::ofstream(other) << "mine";
  EXPECT_FALSE(node().transport->listen("unix://" + other));
  EXPECT_EQ(std::filesystem::file_size(other), 4u);
  EXPECT_FALSE(node().transport->listen("unix://" + world_.free_file() + "/not/there"));
}

TEST_F(StreamTest, who_listens_removes_its_own_file_only) {
  const std::string file = world_.free_file();
  TransportNode first = node();
  ASSERT_TRUE(first.transport->listen("unix://" + file));
  std::filesystem::remove(file);
  TransportNode second = node();
  ASSERT_TRUE(second.transport->listen("unix://" + file));
  first.transport.reset();
  EXPECT_TRUE(std::filesystem::is_socket(file));
}

TEST_F(StreamTest, many_who_start_at_once_agree_on_one) {
  const std::string file = world_.free_file();
  for (int round = 0; round < 20; ++round) {
    std::vector<TransportNode> nodes;
    for (int i = 0; i < 4; ++i) nodes.push_back(node());
    std::atomic<int> listening = 0;
    std::vector<std::thread> threads;
    for (TransportNode& each : nodes) {
      threads.emplace_back([&] { listening += each.transport->listen("unix://" + file) ? 1 : 0; });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(listening, 1);
  }
}

TEST_F(StreamTest, the_mode_of_a_file_is_an_option) {
  StreamOptions options = world_.options();
  options.socket_mode = 0620;
  TransportNode listener = node(options);
  const std::string file = world_.free_file();
  ASSERT_TRUE(listener.transport->listen("unix://" + file));
  EXPECT_EQ(static_cast<unsigned>(std::filesystem::status(file).permissions()), 0620u);
}

// ---- users

TEST_F(StreamTest, both_ends_know_the_user_of_the_other_one) {
  StreamOptions options = world_.options();
  options.allowed_users = {geteuid() + 1, geteuid()};
  TransportNode listener = node(options);
  TransportNode dialler = node();
  connect(dialler, listener);
  const std::string user = "uid:" + std::to_string(geteuid());
  for (TransportNode* each : {&listener, &dialler}) {
    EXPECT_EQ(each->last().info.credentials, user);
    EXPECT_TRUE(each->last().info.on_this_machine);
  }
  EXPECT_EQ(listener.last().info.peer, "process " + std::to_string(getpid()));
}

TEST_F(StreamTest, users_who_are_not_on_the_list_get_nothing) {
  StreamOptions options = world_.options();
  options.allowed_users = {geteuid() + 1};
  TransportNode listener = node(options);
  TransportNode dialler = node();
  dialler.transport->dial(listener.transport->listen("unix://*").value()).value();
  ASSERT_TRUE(pump(world_, {&listener, &dialler}, [&] { return counters_of(listener).users_refused >= 3; }));
  EXPECT_EQ(listener.links.size(), 0u);
  EXPECT_EQ(dialler.links.size(), 0u);
}

// ---- copies

TEST_F(StreamTest, a_large_part_is_sent_from_where_it_is_and_let_go_when_it_is_gone) {
  TransportNode listener = node();
  TransportNode dialler = node();
  listener.keeps = false;
  connect(dialler, listener);
  constexpr std::size_t size = 10u << 20;
  const std::shared_ptr<std::byte[]> owner(new std::byte[size]{});
  const Payload body({owner.get(), size}, owner);
  const long before = owner.use_count();
  const structwire::testing::AllocationPeak peak;
  dialler.transport->send(dialler.last().id, {Payload(Buffer("head")), body});
  EXPECT_GT(owner.use_count(), before);
  EXPECT_TRUE(dialler.transport->congested(dialler.last().id));
  EXPECT_FALSE(dialler.transport->flush()) << "the rest needs a poll()";
  EXPECT_LT(peak.bytes(), 16384u) << "it was copied";
  ASSERT_TRUE(pump(world_, {&dialler, &listener}, [&] { return listener.frames() == 2; }));
  EXPECT_TRUE(dialler.transport->flush());
  EXPECT_TRUE(pump(world_, {&dialler}, [&] { return owner.use_count() == before; }));
}

TEST_F(StreamTest, a_small_part_is_copied_and_its_owner_let_go) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  auto owner = std::make_shared<std::array<std::byte, 8191>>();
  dialler.transport->send(dialler.last().id, {Payload(*owner, owner), {}});
  EXPECT_EQ(owner.use_count(), 1);
}

TEST_F(StreamTest, frames_outlive_their_transport) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  for (unsigned i = 0; i < 4; ++i) dialler.transport->send(dialler.last().id, frame_of(8192, 1 << 20, i));
  ASSERT_TRUE(pump(world_, {&dialler, &listener}, [&] { return listener.frames() == 5; }));
  listener.transport.reset();
  for (unsigned i = 0; i < 4; ++i) EXPECT_TRUE(same_frame(listener.last().frames[i + 1], frame_of(8192, 1 << 20, i)));
}

TEST_F(StreamTest, frames_of_a_round_leave_together) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  pump_for(world_, {&dialler, &listener}, 10ms);
  const std::uint64_t sends = counters_of(dialler).sends;
  for (unsigned i = 0; i < 500; ++i) dialler.transport->send(dialler.last().id, frame_of(100, 0, i));
  EXPECT_EQ(counters_of(dialler).sends, sends);
  dialler.transport->poll(dialler, world_.now());
  EXPECT_EQ(counters_of(dialler).sends, sends + 1);
  EXPECT_EQ(counters_of(dialler).frames_sent, 501u);
  ASSERT_TRUE(pump(world_, {&listener}, [&] { return listener.frames() == 501; }));
  EXPECT_EQ(counters_of(listener).bytes_received, counters_of(dialler).bytes_sent);
}

// ---- waiting

TEST_F(StreamTest, waiting_takes_no_processor_time) {
  // A link, one who answers the call and says nothing, one who is not there, one who is stuck.
  TransportNode here = node();
  TransportNode there = node();
  connect(here, there);
  const std::string file = world_.free_file();
  const int silent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, file.c_str(), sizeof name.sun_path - 1);
  ASSERT_EQ(bind(silent, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  ASSERT_EQ(listen(silent, 10), 0);
  here.transport->dial("unix://" + file).value();
  here.transport->dial(world_.fixed_address()).value();
  while (!here.transport->congested(here.last().id)) here.transport->send(here.last().id, frame_of(4096, 0, 1));
  const double before = processor_seconds();
  const Instant end = later(world_.now(), 300ms);
  while (world_.now() < end) here.transport->poll(here, end);
  EXPECT_LT(processor_seconds() - before, 0.1);
  close(silent);
}

// It has the descriptors, too: the system goes on telling of one that only this process closed.
TEST_F(StreamTest, a_child_process_keeps_no_link_open_and_poll_not_awake) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    pause();
    _exit(0);
  }
  listener.transport->close(listener.last().id);
  EXPECT_TRUE(pump(world_, {&dialler, &listener}, [&] { return dialler.links.size() == 2 && dialler.frames() == 0; }));
  const double before = processor_seconds();
  for (const Instant end = later(world_.now(), 300ms); world_.now() < end;) listener.transport->poll(listener, end);
  EXPECT_LT(processor_seconds() - before, 0.1);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

TEST_F(StreamTest, different_threads_may_poll_one_after_the_other) {
  TransportNode listener = node();
  TransportNode dialler = node();
  connect(dialler, listener);
  listener.answers = true;
  for (unsigned i = 0; i < 20; ++i) {
    std::thread([&] {
      dialler.transport->send(dialler.last().id, frame_of(100, i % 2 * 100'000, i));
      EXPECT_TRUE(pump(world_, {&dialler, &listener}, [&] { return dialler.frames() > i; }));
    }).join();
  }
  EXPECT_TRUE(same_frame(dialler.last().frames.back(), frame_of(100, 100'000, 19)));
}

TEST_F(StreamTest, a_port_that_nobody_listens_at_is_never_connected_to_itself) {
  StreamOptions options = world_.options();
  options.redial_first = options.redial_longest = 1us;
  TransportNode dialler = node(options);
  for (int i = 0; i < 20; ++i) dialler.transport->dial("tcp://127.0.0.1:" + std::to_string(free_port())).value();
  pump_for(world_, {&dialler}, 500ms);
  EXPECT_EQ(dialler.links.size(), 0u);
}

// ---- descriptors

TEST_F(StreamTest, a_thousand_reconnects_leak_no_descriptors) {
  StreamOptions options = world_.options();
  options.redial_first = options.redial_longest = 100us;
  TransportNode listener = node(options);
  TransportNode dialler = node(options);
  connect(dialler, listener);
  const std::size_t before = descriptors();
  listener.on_frame = [&](LinkId link, const Frame&) {
    if (listener.frames() % 2 == 0) listener.transport->close(link);
  };
  for (std::size_t round = 2; round <= 1001; ++round) {
    if (round % 2 == 0) dialler.transport->close(dialler.last().id);
    ASSERT_TRUE(pump(world_, {&dialler, &listener}, [&] { return listener.frames() == round; })) << round;
  }
  EXPECT_TRUE(pump(world_, {&dialler, &listener}, [&] { return descriptors() <= before; }))
      << before << " before, " << descriptors() << " after";
  EXPECT_EQ(listener.links.size(), 1001u);
  EXPECT_EQ(counters_of(listener).strangers_refused, 0u);
}

TEST_F(StreamTest, no_descriptors_are_an_error_and_it_works_when_there_are_some_again) {
  TransportNode late = node();
  {
    const NoDescriptors none;
    const auto listens = late.transport->listen("tcp://127.0.0.1:*");
    ASSERT_FALSE(listens);
    EXPECT_EQ(listens.error().code(), ErrorCode::io);
    EXPECT_FALSE(late.transport->dial("tcp://127.0.0.1:9"));
    TransportNode later = node();
    EXPECT_FALSE(later.transport->listen("unix://*"));
    EXPECT_FALSE(later.transport->dial("tcp://127.0.0.1:9"));
    later.transport->wake();
    later.transport->poll(later, world_.now());
  }
  TransportNode dialler = node();
  connect(dialler, late);
  {
    const NoDescriptors none;
    dialler.transport->close(dialler.last().id);
    EXPECT_TRUE(pump(world_, {&dialler, &late}, [&] { return counters_of(dialler).dials_failed > 1; }));
    EXPECT_EQ(dialler.links.size(), 1u);
  }
  EXPECT_TRUE(pump(world_, {&dialler, &late}, [&] { return late.frames() == 2; }));
}

TEST_F(StreamTest, a_listener_without_descriptors_serves_whom_it_has_and_others_later) {
  TransportNode listener = node();
  TransportNode first = node();
  connect(first, listener);
  TransportNode second = node();
  second.transport->dial(address_).value();
  {
    const NoDescriptors none;
    const double before = processor_seconds();
    EXPECT_TRUE(pump(world_, {&listener, &second}, [&] { return counters_of(listener).accepts_paused >= 3; }));
    EXPECT_LT(processor_seconds() - before, 0.1);
    listener.answers = true;
    first.transport->send(first.last().id, frame_of(100, 20000, 1));
    EXPECT_TRUE(pump(world_, {&first, &listener}, [&] { return first.frames() == 1; }));
  }
  EXPECT_TRUE(pump(world_, {&first, &second, &listener}, [&] { return second.frames() == 1; }));
}

}  // namespace

}  // namespace structwire::messaging::testing
