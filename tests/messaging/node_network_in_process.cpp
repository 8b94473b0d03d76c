// SPDX-License-Identifier: Apache-2.0
#include <tests/messaging/node_network.hpp>
#include <tests/support/transport_in_process.hpp>

namespace structwire::messaging::node_tests {

struct NodeNetwork::State {
  structwire::testing::InProcessNetwork network;
};

NodeNetwork::NodeNetwork() : state_(std::make_unique<State>()) {}
NodeNetwork::~NodeNetwork() = default;
std::unique_ptr<Transport> NodeNetwork::transport() { return state_->network.transport(); }
std::string NodeNetwork::address(std::string_view name) const { return std::string(name); }
void NodeNetwork::cut() { state_->network.cut(); }

}  // namespace structwire::messaging::node_tests
