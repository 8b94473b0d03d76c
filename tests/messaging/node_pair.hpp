// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of nodes share: two nodes with a network between them, and a few structs.

#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include <structwire/messaging/node.hpp>
#include <tests/messaging/node_network.hpp>
#include <tests/support/eventually.hpp>

namespace structwire::messaging::node_tests {

struct Question {
  std::string text;
  int number = 0;
  using wire = Rules<member<&Question::number, between(0, 1000)>>;
};
struct Wide {  // Question's wire form without its rule.
  std::string text;
  int number = 0;
};
struct Reversed {
  std::string text;
  int number = 0;
};
struct Refusal {
  int code = 0;
};

using structwire::testing::eventually;

/// For what must not fail on the way to what a test is about.
template <class T>
void added(const Result<T>& result) {
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message());
}

inline std::string reversed(const std::string& text) { return {text.rbegin(), text.rend()}; }

struct Pair {
  explicit Pair(NodeOptions of_server = {.name = "server", .threads = 2},
                NodeOptions of_client = {.name = "client", .threads = 2})
      : server(of_server, network.transport()), client(of_client, network.transport()), peer_(*client.connect(network.address("x"))) {}

  /// Connects with the first call, so that the handlers of before are known from the beginning.
  const Peer& to_server() {
    if (!std::exchange(listening_, true)) {
      EXPECT_TRUE(server.listen(network.address("x")));
    }
    return peer_;
  }

  NodeNetwork network;
  Node server;
  Node client;

 private:
  Peer peer_;
  bool listening_ = false;
};

}  // namespace structwire::messaging::node_tests
