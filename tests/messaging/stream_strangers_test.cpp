// SPDX-License-Identifier: Apache-2.0
// What others may send to a stream transport that listens, and what it meets where it dials.
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "tests/messaging/stream_world.hpp"
#include "tests/messaging/transport_suite.hpp"
#include "tests/messaging/zeromq_world.hpp"
#include "tests/support/random.hpp"

namespace structwire::messaging::testing {

namespace {

using namespace std::chrono_literals;
using Kind = StreamWorld::Kind;

class StreamStrangers : public ::testing::TestWithParam<Kind> {
 protected:
  StreamStrangers() { begin(world_.options()); }

  void begin(const StreamOptions& options) {
    friend_ = std::make_unique<TransportNode>(stream_sockets(world_.options()));
    listener_ = std::make_unique<TransportNode>(stream_sockets(options));
    address_ = listener_->transport->listen(world_.any_address()).value();
    friend_->transport->dial(address_).value();
    EXPECT_TRUE(pump_until([&] { return listener_->frames() == 1; }));
  }
  bool pump_until(const std::function<bool()>& condition) { return pump(world_, {listener_.get(), friend_.get()}, condition); }
  const StreamCounters& counters() const { return counters_of(*listener_); }
  /// Who was there before is served as ever.
  void expect_served() {
    listener_->answers = true;
    const std::size_t before = friend_->frames();
    friend_->transport->send(friend_->last().id, frame_of(100, 20000, 1));
    EXPECT_TRUE(pump_until([&] { return friend_->frames() > before; }));
    EXPECT_EQ(friend_->links.size(), 1u);
  }

  StreamWorld world_{GetParam()};
  std::unique_ptr<TransportNode> listener_;
  std::unique_ptr<TransportNode> friend_;
  std::string address_;
};

INSTANTIATE_TEST_SUITE_P(Kinds, StreamStrangers, ::testing::Values(Kind::file, Kind::tcp),
                         [](const auto& kind) { return kind.param == Kind::tcp ? "tcp" : "file"; });

TEST_P(StreamStrangers, who_says_anything_else_is_cut_off_at_the_first_byte_that_differs) {
  const std::string greeting("\xff\0\0\0\0\0\0\0\1\x7f", 10);  // ZeroMQ's.
  std::uint64_t refused = 0;
  for (const std::string& text : {std::string("GET / HTTP/1.1\r\nHost: here\r\n\r\n"), greeting, std::string("\0", 1),
                                  preface().substr(0, 6) + "l", preface().substr(0, 7) + '\0', std::string("\x89SWT")}) {
    const RawStream stranger(address_);
    ASSERT_TRUE(stranger.send(text));
    EXPECT_TRUE(pump_until([&] { return stranger.ended(); })) << text;
    EXPECT_EQ(counters().strangers_refused, ++refused);
  }
  EXPECT_EQ(counters().handshakes_failed, 0u);
  EXPECT_EQ(listener_->links.size(), 1u);
  expect_served();
}

TEST_P(StreamStrangers, later_versions_are_welcome) {
  const RawStream stranger(address_);
  ASSERT_TRUE(stranger.send(preface().substr(0, 7) + '\x7f'));
  EXPECT_TRUE(pump_until([&] { return listener_->links.size() == 2; }));
}

TEST_P(StreamStrangers, garbage_disturbs_nobody) {
  structwire::test::Random random(structwire::test::random_seed());
  for (int round = 0; round < 60; ++round) {
    const RawStream stranger(address_);
    std::string text = round % 2 == 0 ? preface() : preface().substr(0, random.below(8));
    for (std::uint64_t i = random.below(300); i > 0; --i) text += static_cast<char>(random.below(256));
    stranger.send(text);
    listener_->transport->poll(*listener_, world_.now());
  }
  expect_served();
  EXPECT_FALSE(listener_->links[0]->closed);
}

TEST_P(StreamStrangers, who_begins_and_falls_silent_is_closed_in_time) {
  StreamOptions options = world_.options();
  options.handshake_timeout = 100ms;
  begin(options);
  const RawStream nothing(address_);
  const RawStream half(address_);
  ASSERT_TRUE(half.send(preface().substr(0, 5)));
  EXPECT_TRUE(pump_until([&] { return nothing.ended() && half.ended(); }));
  EXPECT_EQ(counters().handshakes_failed, 2u);
  // A link may be silent once it said something.
  const RawStream whole(address_);
  ASSERT_TRUE(whole.send(preface() + lengths(4, 0) + "head"));
  const RawStream no_frame(address_);
  ASSERT_TRUE(no_frame.send(preface() + lengths(4, 0) + "hea"));
  pump_for(world_, {listener_.get(), friend_.get()}, 300ms);
  EXPECT_TRUE(no_frame.ended());
  EXPECT_FALSE(whole.ended());
  EXPECT_EQ(counters().handshakes_failed, 3u);
  expect_served();
}

TEST_P(StreamStrangers, a_first_frame_is_a_small_one) {
  StreamOptions options = world_.options();
  options.first_part_bytes_max = 1000;
  begin(options);
  const RawStream large(address_);
  ASSERT_TRUE(large.send(preface() + lengths(4, 1001) + "head"));
  EXPECT_TRUE(pump_until([&] { return large.ended(); }));
  EXPECT_EQ(counters().frames_refused, 1u);
  const RawStream small(address_);
  ASSERT_TRUE(small.send(preface() + lengths(4, 1000) + "head" + std::string(1000, 'x') + lengths(4, 1001) + "more" +
                         std::string(1001, 'y')));
  EXPECT_TRUE(pump_until([&] { return listener_->last().frames.size() == 2; }));
  EXPECT_EQ(counters().frames_refused, 1u);
  EXPECT_EQ(counters().handshakes_failed, 0u);
  expect_served();
}

TEST_P(StreamStrangers, lengths_that_no_frame_has_end_the_link) {
  std::uint64_t refused = 0;
  for (const auto& [head, body] : {std::pair{0u, 0u}, {0u, 5u}, {(11u << 20) + 1, 0u}, {5u, (11u << 20) + 1}, {~0u, ~0u}}) {
    const RawStream stranger(address_);
    ASSERT_TRUE(stranger.send(preface() + lengths(head, body) + "and little behind it"));
    EXPECT_TRUE(pump_until([&] { return stranger.ended(); })) << head << " " << body;
    EXPECT_EQ(counters().frames_refused, ++refused);
    EXPECT_TRUE(listener_->last().closed);
    EXPECT_EQ(listener_->last().frames.size(), 0u);
  }
  expect_served();
}

std::size_t memory_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0;
  file >> all;
  return all * 4096;
}

TEST_P(StreamStrangers, a_length_alone_takes_no_memory) {
  StreamOptions options = world_.options();
  options.claimed_bytes_max = 64u << 10;
  begin(options);
  const std::size_t before = memory_bytes();
  std::vector<std::unique_ptr<RawStream>> strangers;
  for (int i = 0; i < 100; ++i) {
    strangers.push_back(std::make_unique<RawStream>(address_));
    ASSERT_TRUE(strangers.back()->send(preface() + lengths(11u << 20, 11u << 20) + "and little behind it"));
  }
  ASSERT_TRUE(pump_until([&] { return listener_->links.size() == 101; }));
  EXPECT_LT(memory_bytes(), before + (32u << 20)) << "1.1 GB were claimed";
  expect_served();
}

TEST_P(StreamStrangers, who_trickles_holds_nobody_up) {
  const RawStream stranger(address_);
  const std::string text = preface() + lengths(300, 20) + std::string(320, 'x');
  for (const char byte : text) {
    ASSERT_TRUE(stranger.send({&byte, 1}));
    listener_->transport->poll(*listener_, world_.now());
    if (byte == '\n') expect_served();
  }
  listener_->answers = false;
  ASSERT_TRUE(pump_until([&] { return listener_->links.size() == 2 && listener_->last().frames.size() == 1; }));
  EXPECT_EQ(listener_->last().frames[0].head.size(), 300u);
  EXPECT_EQ(listener_->last().frames[0].body.size(), 20u);
}

TEST_P(StreamStrangers, of_many_without_a_preface_the_oldest_go) {
  StreamOptions options = world_.options();
  options.handshakes_max = 10;
  begin(options);
  std::vector<std::unique_ptr<RawStream>> strangers;
  for (std::uint64_t i = 0; i < 30; ++i) {
    strangers.push_back(std::make_unique<RawStream>(address_));
    ASSERT_TRUE(pump_until([&] { return counters().connections_accepted == i + 2; }));
  }
  EXPECT_TRUE(pump_until([&] { return counters().handshakes_failed == 20; }));
  EXPECT_TRUE(strangers[19]->ended());
  EXPECT_FALSE(strangers[20]->ended());
  TransportNode another(stream_sockets(world_.options()));
  another.transport->dial(address_).value();
  EXPECT_TRUE(pump(world_, {listener_.get(), &another}, [&] { return listener_->links.size() == 2; }));
  expect_served();
}

TEST_P(StreamStrangers, connections_beyond_the_bound_are_closed_at_once) {
  StreamOptions options = world_.options();
  options.connections_max = 5;
  begin(options);
  std::vector<std::unique_ptr<RawStream>> strangers;
  for (int i = 0; i < 10; ++i) strangers.push_back(std::make_unique<RawStream>(address_));
  EXPECT_TRUE(pump_until([&] { return counters().connections_refused == 6; }));
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(strangers[i]->ended(), i >= 4) << i;
  expect_served();
  strangers.clear();
  ASSERT_TRUE(pump_until([&] { return counters().handshakes_failed == 4; }));
  const RawStream again(address_);
  ASSERT_TRUE(again.send(preface()));
  EXPECT_TRUE(pump_until([&] { return listener_->links.size() == 2; }));
}

TEST_P(StreamStrangers, a_flood_of_small_frames_leaves_others_their_turn) {
  listener_->keeps = false;
  const RawStream stranger(address_);
  std::string text = preface();
  for (int i = 0; i < 4000; ++i) text += lengths(1, 0) + "x";
  ASSERT_TRUE(stranger.send(text));
  EXPECT_TRUE(pump_until([&] { return listener_->frames() > 1; }));
  expect_served();
}

TEST_P(StreamStrangers, who_dials_something_else_hears_so) {
  TransportNode dialler(stream_sockets(world_.options()));
  const RawStream there(address_);
  // ZeroMQ's listeners greet; one who says nothing is given up in time.
  ZeromqWorld other(ZeromqWorld::Kind::tcp);
  TransportNode zeromq_listener(other.transport());
  const std::string strange = zeromq_listener.transport->listen(other.any_address()).value();
  dialler.transport->dial(strange).value();
  EXPECT_TRUE(pump(world_, {&dialler, &zeromq_listener},
                   [&] { return counters_of(dialler).strangers_refused > 1 && counters_of(dialler).dials_failed > 1; }));
  EXPECT_EQ(dialler.links.size(), 0u);
  EXPECT_EQ(zeromq_listener.links.size(), 0u);
}

TEST_P(StreamStrangers, a_zeromq_peer_is_refused) {
  ZeromqWorld other(ZeromqWorld::Kind::tcp);
  TransportNode dialler(other.transport());
  // ZeroMQ has its own name for a socket's file.
  const bool file = address_.starts_with("unix://");
  dialler.transport->dial(file ? "ipc://" + address_.substr(7) : address_).value();
  EXPECT_TRUE(pump(world_, {listener_.get(), &dialler}, [&] { return counters().strangers_refused >= 2; }));
  EXPECT_EQ(dialler.links.size(), 0u);
  expect_served();
}

TEST_P(StreamStrangers, who_is_answered_by_silence_tries_again) {
  StreamOptions options = world_.options();
  options.connect_timeout = 100ms;
  TransportNode dialler(stream_sockets(options));
  // Its kernel takes the connection; nobody ever accepts it.
  TransportNode asleep(stream_sockets(world_.options()));
  dialler.transport->dial(asleep.transport->listen(world_.any_address()).value()).value();
  EXPECT_TRUE(pump(world_, {&dialler}, [&] { return counters_of(dialler).dials_failed >= 2; }));
  EXPECT_EQ(dialler.links.size(), 0u);
  EXPECT_TRUE(pump(world_, {&dialler, &asleep}, [&] { return asleep.frames() > 0; }));
}

}  // namespace

}  // namespace structwire::messaging::testing
