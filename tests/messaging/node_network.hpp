// SPDX-License-Identifier: Apache-2.0
#pragma once

// What lies between the nodes of a test. The same tests run over queues (node_network_in_process.cpp) and over Unix
// sockets (node_network_stream.cpp): a program links one of them.

#include <memory>
#include <string>
#include <string_view>

#include <structwire/messaging/transport.hpp>

namespace structwire::messaging::node_tests {

/// Outlives its transports.
class NodeNetwork {
 public:
  NodeNetwork();
  ~NodeNetwork();
  NodeNetwork(const NodeNetwork&) = delete;
  NodeNetwork& operator=(const NodeNetwork&) = delete;

  std::unique_ptr<Transport> transport();
  /// To listen at and to connect to.
  std::string address(std::string_view name) const;
  /// Breaks every link, soon; those who dialled dial again.
  void cut();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace structwire::messaging::node_tests
