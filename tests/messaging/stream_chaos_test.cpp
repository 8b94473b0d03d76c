// SPDX-License-Identifier: Apache-2.0
// Stream links over a bad network: what every transport keeps, and what is told of a connection that is gone at one end.
#include <gtest/gtest.h>

#include <memory>

#include "tests/messaging/stream_world.hpp"
#include "tests/messaging/transport_chaos.hpp"

namespace structwire::messaging::testing {

namespace {

class StreamChaos : public TransportChaos {};

const TransportSetup setup{.name = "tcp", .world = [] { return std::make_unique<StreamWorld>(StreamWorld::Kind::tcp); }};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Stream, TransportChaos, ::testing::Values(setup), name_of_setup);
INSTANTIATE_TEST_SUITE_P(Stream, StreamChaos, ::testing::Values(setup), name_of_setup);

// The other end notices with what it sends next, or with the endpoint's heartbeats.
TEST_P(StreamChaos, a_connection_that_is_gone_at_one_end_ends_there) {
  const LinkId there = listener_.last().id;
  proxy_.command("half_open server");
  ASSERT_TRUE(pump_until([&] { return listener_.link(there).closed; }));
  dialler_.transport->close(dialler_.last().id);
  dialler_.last().closed = true;
  expect_works(2);
  const LinkId here = dialler_.last().id;
  proxy_.command("half_open client");
  ASSERT_TRUE(pump_until([&] { return dialler_.link(here).closed; }));
  listener_.transport->close(listener_.links[1]->id);
  listener_.links[1]->closed = true;
  expect_works(3);
}

}  // namespace structwire::messaging::testing
