// SPDX-License-Identifier: Apache-2.0
// What others may send to a listener: garbage over TCP, and ZeroMQ messages that are no frames.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <zmq.h>

#include <array>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>

#include "tests/messaging/transport_suite.hpp"
#include "tests/messaging/zeromq_world.hpp"
#include "tests/support/random.hpp"

namespace structwire::messaging::testing {

namespace {

using namespace std::chrono_literals;

class ZeromqStrangers : public ::testing::Test {
 protected:
  ZeromqStrangers() : listener_(zeromq(world_.options())), friend_(zeromq(world_.options())) {
    address_ = listener_.transport->listen("tcp://127.0.0.1:*").value();
    friend_.transport->dial(address_).value();
    EXPECT_TRUE(pump_until([&] { return listener_.frames() == 1; }));
  }

  bool pump_until(const std::function<bool()>& condition) {
    return pump(world_, {&listener_, &friend_}, condition);
  }
  const ZeromqCounters& counters() const {
    return static_cast<const ZeromqTransport&>(*listener_.transport).counters();
  }
  /// Who was there before is served as ever.
  void expect_served() {
    listener_.answers = true;
    const std::size_t before = friend_.frames();
    friend_.transport->send(friend_.last().id, frame_of(100, 20000, 1));
    EXPECT_TRUE(pump_until([&] { return friend_.frames() > before; }));
    EXPECT_EQ(friend_.links.size(), 1u);
  }

  ZeromqWorld world_{ZeromqWorld::Kind::tcp};
  TransportNode listener_;
  TransportNode friend_;
  std::string address_;
};

/// A TCP connection that says what it likes.
class RawConnection {
 public:
  explicit RawConnection(const std::string& address) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~RawConnection() { close(socket_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void send(std::string_view bytes) {
    // The other side may have closed already.
    [[maybe_unused]] const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  /// Reads until the other side has closed; false when it does not.
  bool ends() {
    std::array<char, 4096> bytes{};
    for (;;) {
      const auto count = recv(socket_, bytes.data(), bytes.size(), 0);
      if (count == 0) return true;
      if (count < 0) return errno != EAGAIN;
    }
  }

 private:
  int socket_;
};

/// Greeting and READY of ZMTP 3.0, as a DEALER without keys says them.
std::string handshake() {
  std::string text("\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL", 16);
  text.resize(64, '\0');
  const std::string ready("\5READY\xbSocket-Type\0\0\0\6DEALER", 28);
  text += '\4';
  text += static_cast<char>(ready.size());
  return text + ready;
}

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * 4096;
}

/// Connections that send nothing, another protocol, a part of a handshake, and anything behind it.
void send_garbage(const std::string& address, structwire::test::Random& random) {
  const std::string good = handshake();
  for (int round = 0; round < 40; ++round) {
    RawConnection stranger(address);
    std::string text = round % 2 == 0 ? good.substr(0, random.below(good.size())) : std::string();
    for (std::uint64_t i = random.below(300); i > 0; --i)
      text += static_cast<char>(random.below(256));
    if (round == 0) text = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
    if (round == 1) text.clear();
    stranger.send(text);
  }
}

// Without keys libzmq takes what has no greeting for ZMTP 1.0, which had none: some garbage is a frame then, of a link
// of its own.
TEST_F(ZeromqStrangers, garbage_disturbs_nobody) {
  structwire::test::Random random(structwire::test::random_seed());
  send_garbage(address_, random);
  EXPECT_TRUE(pump_until([&] { return counters().handshakes_failed > 0; }));
  expect_served();
  EXPECT_FALSE(listener_.links[0]->closed);
}

TEST_F(ZeromqStrangers, with_keys_garbage_opens_no_link) {
  const ZeromqWorld curve(ZeromqWorld::Kind::curve);
  TransportNode listener(zeromq(curve.options()));
  TransportNode known(zeromq(curve.options()));
  const std::string address = listener.transport->listen("tcp://127.0.0.1:*").value();
  structwire::test::Random random(structwire::test::random_seed());
  send_garbage(address, random);
  known.transport->dial(address).value();
  EXPECT_TRUE(pump(world_, {&listener, &known}, [&] { return listener.frames() == 1; }));
  EXPECT_EQ(listener.links.size(), 1u);
}

TEST_F(ZeromqStrangers, a_lie_about_the_length_ends_the_connection_before_memory_is_taken) {
  const std::size_t before = resident_bytes();
  for (const std::uint64_t size : {(std::uint64_t{11} << 20) + 1, std::uint64_t{1} << 40,
                                   std::uint64_t{1} << 62, ~std::uint64_t{0}}) {
    RawConnection stranger(address_);
    std::string text = handshake() + '\2';
    for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(size >> shift & 0xff);
    stranger.send(text + "and little behind it");
    EXPECT_TRUE(stranger.ends()) << size;
  }
  expect_served();
  EXPECT_LT(resident_bytes(), before + (8u << 20));
  EXPECT_EQ(listener_.links.size(), 1u);
}

/// A DEALER of somebody else.
class RawDealer {
 public:
  explicit RawDealer(const std::string& address, const std::string& routing_id = {})
      : context_(zmq_ctx_new()), socket_(zmq_socket(context_, ZMQ_DEALER)) {
    const int linger = 0;
    zmq_setsockopt(socket_, ZMQ_LINGER, &linger, sizeof linger);
    if (!routing_id.empty())
      zmq_setsockopt(socket_, ZMQ_ROUTING_ID, routing_id.data(), routing_id.size());
    EXPECT_EQ(zmq_connect(socket_, address.c_str()), 0);
  }
  ~RawDealer() {
    zmq_close(socket_);
    zmq_ctx_term(context_);
  }
  RawDealer(const RawDealer&) = delete;
  RawDealer& operator=(const RawDealer&) = delete;

  void send(std::initializer_list<std::string_view> parts) {
    std::size_t left = parts.size();
    for (const std::string_view part : parts)
      zmq_send(socket_, part.data(), part.size(), --left == 0 ? 0 : ZMQ_SNDMORE);
  }
  bool try_send(std::string_view part) {
    return zmq_send(socket_, part.data(), part.size(), ZMQ_DONTWAIT) >= 0;
  }

 private:
  void* context_;
  void* socket_;
};

TEST_F(ZeromqStrangers, messages_that_are_no_frames_open_no_link) {
  RawDealer stranger(address_);
  const std::initializer_list<std::string_view> odd[] = {
      {""}, {"", ""}, {"", "body"}, {"a", "b", "c"}, {"", "a", "b", "c", "d"}};
  std::size_t refused = 0;
  for (const auto& parts : odd) {
    stranger.send(parts);
    ++refused;
    ASSERT_TRUE(pump_until([&] { return counters().messages_refused == refused; })) << refused;
    EXPECT_EQ(listener_.links.size(), 1u);
  }
  // It is not held against who does better then.
  stranger.send({"head", "body"});
  ASSERT_TRUE(pump_until([&] { return listener_.links.size() == 2; }));
  EXPECT_EQ(listener_.last().frames.at(0).size(), 8u);
  expect_served();
}

TEST_F(ZeromqStrangers, a_message_that_is_no_frame_ends_the_link_it_came_by) {
  for (const auto& parts : {std::initializer_list<std::string_view>{"a", "b", "c"},
                            std::initializer_list<std::string_view>{""}}) {
    RawDealer stranger(address_);
    stranger.send({"hello"});
    const std::size_t links = listener_.links.size() + 1;
    ASSERT_TRUE(pump_until([&] { return listener_.links.size() == links; }));
    stranger.send(parts);
    ASSERT_TRUE(pump_until([&] { return listener_.last().closed; }));
    // What comes over it is no link's any more.
    const std::uint64_t ignored = counters().frames_ignored;
    stranger.send({"still there?", "?"});
    ASSERT_TRUE(pump_until([&] { return counters().frames_ignored > ignored; }));
    EXPECT_EQ(listener_.links.size(), links);
  }
  expect_served();
}

TEST_F(ZeromqStrangers, who_insists_on_a_routing_id_is_a_new_link_each_time) {
  for (std::size_t round = 1; round <= 20; ++round) {
    const std::string text = "hello " + std::to_string(round);
    {
      RawDealer stranger(address_, "it is me");
      stranger.send({text});
      ASSERT_TRUE(pump_until([&] { return listener_.links.size() == 1 + round; })) << round;
      EXPECT_EQ(text_of(listener_.last().frames.at(0)), text);
    }
    // While the old connection stands, libzmq hears nobody of its name.
    ASSERT_TRUE(pump_until([&] { return listener_.last().closed; }));
  }
  expect_served();
}

TEST_F(ZeromqStrangers, a_flood_is_bounded_and_others_are_served) {
  RawDealer stranger(address_);
  const std::string large(1 << 20, 'x');
  stranger.send({large});
  ASSERT_TRUE(pump_until([&] { return listener_.links.size() == 2; }));
  listener_.keeps = false;
  // Nobody reads: libzmq's queues take so much and no more.
  std::size_t taken = 0;
  for (int quiet = 0; quiet < 20;) {
    if (stranger.try_send(std::string_view(large).substr(0, 10000))) {
      ++taken;
      quiet = 0;
    } else {
      ++quiet;
      usleep(2000);
    }
    ASSERT_LT(taken, 20000u);
  }
  expect_served();
  EXPECT_TRUE(pump_until([&] { return listener_.frames() >= taken; }));
}

}  // namespace

}  // namespace structwire::messaging::testing
