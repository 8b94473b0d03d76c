// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every transport over TCP keeps when the network cuts, delays and trickles, by way of
// tests/support/chaos_proxy.py. A transport runs it with one line,
//
//   INSTANTIATE_TEST_SUITE_P(Zeromq, TransportChaos, testing::Values(TransportSetup{…}), name_of_setup);
//
// linked with transport_chaos.cpp; its world's addresses are tcp://127.0.0.1:*.

#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "tests/messaging/chaos_proxy.hpp"
#include "tests/messaging/transport_suite.hpp"

namespace structwire::messaging::testing {

/// Two transports with a link between them, by way of the proxy.
class TransportChaos : public ::testing::TestWithParam<TransportSetup> {
 protected:
  TransportChaos();

  bool pump_until(const std::function<bool()>& condition) {
    return pump(*world_, {&dialler_, &listener_}, condition);
  }
  /// A new link at both ends, and a frame each way over it.
  void expect_works(std::size_t links);

  std::unique_ptr<TransportWorld> world_;
  TransportNode listener_;
  TransportNode dialler_;
  ChaosProxy proxy_;

 private:
  int listen();
};

}  // namespace structwire::messaging::testing
