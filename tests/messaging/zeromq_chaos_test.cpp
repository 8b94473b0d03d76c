// SPDX-License-Identifier: Apache-2.0
// ZeroMQ's links over a bad network: what every transport keeps, and that silence is noticed, by ZeroMQ's own heartbeats.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "tests/messaging/transport_chaos.hpp"
#include "tests/messaging/zeromq_world.hpp"

namespace structwire::messaging::testing {

namespace {

using namespace std::chrono_literals;

class ZeromqChaos : public TransportChaos {};

const TransportSetup setup{.name = "tcp", .world = [] {
                             return std::make_unique<ZeromqWorld>(ZeromqWorld::Kind::tcp, ZeromqHeartbeats{100ms, 1s});
                           }};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Zeromq, TransportChaos, ::testing::Values(setup), name_of_setup);
INSTANTIATE_TEST_SUITE_P(Zeromq, ZeromqChaos, ::testing::Values(setup), name_of_setup);

TEST_P(ZeromqChaos, a_silent_network_is_noticed_at_both_ends) {
  const LinkId here = dialler_.last().id;
  const LinkId there = listener_.last().id;
  proxy_.command("blackhole");
  ASSERT_TRUE(
      pump_until([&] { return dialler_.link(here).closed && listener_.link(there).closed; }));
  proxy_.command("pass");
  expect_works(2);
}

TEST_P(ZeromqChaos, a_connection_that_is_gone_at_one_end_only_is_noticed_at_the_other) {
  const LinkId here = dialler_.last().id;
  const LinkId there = listener_.last().id;
  proxy_.command("half_open server");
  ASSERT_TRUE(pump_until([&] { return listener_.link(there).closed; }));
  EXPECT_FALSE(dialler_.link(here).closed);
  ASSERT_TRUE(pump_until([&] { return dialler_.link(here).closed; }));
  expect_works(2);
  const LinkId second = listener_.last().id;
  proxy_.command("half_open client");
  ASSERT_TRUE(pump_until([&] { return listener_.link(second).closed; }));
  expect_works(3);
}

}  // namespace structwire::messaging::testing
