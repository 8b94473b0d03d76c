// SPDX-License-Identifier: Apache-2.0
#include "tests/messaging/transport_chaos.hpp"

#include <chrono>
#include <string>

namespace structwire::messaging::testing {

using namespace std::chrono_literals;

TransportChaos::TransportChaos()
    : world_(GetParam().world()), listener_(world_->transport()), dialler_(world_->transport()), proxy_(listen()) {
  EXPECT_NE(proxy_.port(), 0) << "the proxy did not start";
  EXPECT_TRUE(dialler_.transport->dial(proxy_.address()));
  EXPECT_TRUE(pump_until([&] { return listener_.frames() == 1; }));
}

int TransportChaos::listen() {
  const auto address = listener_.transport->listen(world_->any_address());
  return address ? std::stoi(address->substr(address->rfind(':') + 1)) : 0;
}

void TransportChaos::expect_works(std::size_t links) {
  ASSERT_TRUE(pump_until([&] {
    return dialler_.links.size() >= links && listener_.links.size() >= links &&
           dialler_.open_links() == 1 && listener_.open_links() == 1;
  })) << dialler_.links.size()
      << " and " << listener_.links.size() << " links";
  listener_.answers = true;
  const Frame frame = frame_of(700, 30000, 3);
  dialler_.transport->send(dialler_.last().id, frame);
  const auto& frames = dialler_.last().frames;
  ASSERT_TRUE(pump_until([&] { return !frames.empty() && same_frame(frames.back(), frame); }));
}

TEST_P(TransportChaos, a_cut_connection_ends_its_link_at_both_ends_and_a_new_one_comes) {
  for (std::size_t round = 1; round <= 5; ++round) {
    const LinkId here = dialler_.last().id;
    const LinkId there = listener_.last().id;
    proxy_.command("cut");
    ASSERT_TRUE(
        pump_until([&] { return dialler_.link(here).closed && listener_.link(there).closed; }));
    expect_works(round + 1);
  }
}

TEST_P(TransportChaos, a_frame_that_is_cut_in_the_middle_never_arrives) {
  const LinkId there = listener_.last().id;
  proxy_.command("cut_after 300000");
  dialler_.transport->send(dialler_.last().id, frame_of(100, 0, 1));
  dialler_.transport->send(dialler_.last().id, frame_of(64, 1 << 20, 2));
  dialler_.transport->send(dialler_.last().id, frame_of(100, 0, 3));
  ASSERT_TRUE(pump_until([&] { return listener_.link(there).closed; }));
  EXPECT_EQ(listener_.link(there).frames.size(), 2u);
  EXPECT_TRUE(same_frame(listener_.link(there).frames.back(), frame_of(100, 0, 1)));
  expect_works(2);
}

TEST_P(TransportChaos, frames_that_trickle_in_are_whole) {
  proxy_.command("trickle 1 0");
  const Frame frame = frame_of(90, 200, 4);
  dialler_.transport->send(dialler_.last().id, frame);
  ASSERT_TRUE(pump_until([&] { return listener_.frames() == 2; }));
  EXPECT_TRUE(same_frame(listener_.last().frames.back(), frame));
  EXPECT_EQ(listener_.links.size(), 1u);
  // So does a handshake.
  dialler_.last().closed = true;
  dialler_.transport->close(dialler_.last().id);
  expect_works(2);
}

TEST_P(TransportChaos, a_slow_network_breaks_nothing) {
  proxy_.command("delay 20 20");
  listener_.answers = true;
  constexpr unsigned count = 50;
  for (unsigned i = 0; i < count; ++i)
    dialler_.transport->send(dialler_.last().id, frame_of(100 + i, i * 500, i));
  ASSERT_TRUE(pump_until([&] { return dialler_.frames() == count; }));
  for (unsigned i = 0; i < count; ++i)
    EXPECT_TRUE(same_frame(dialler_.last().frames[i], frame_of(100 + i, i * 500, i))) << i;
  EXPECT_EQ(dialler_.links.size(), 1u);
}

TEST_P(TransportChaos, who_is_refused_keeps_trying_with_pauses) {
  proxy_.command("refuse");
  proxy_.command("cut");
  pump_for(*world_, {&dialler_, &listener_}, 500ms);
  EXPECT_EQ(dialler_.open_links(), 0u);
  proxy_.command("pass");
  expect_works(2);
  // Pauses of up to 100 ms: some tries, and not thousands.
  const std::string stats = proxy_.command("stats");
  const int accepted = std::stoi(stats.substr(stats.find('=') + 1));
  EXPECT_GE(accepted, 4) << stats;
  EXPECT_LE(accepted, 60) << stats;
}

}  // namespace structwire::messaging::testing
