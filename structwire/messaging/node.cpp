// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/node.hpp>

#include <structwire/messaging/zeromq.hpp>

namespace structwire::messaging {

Node::Node(NodeOptions options) : Node(std::move(options), zeromq({})) {}

Node::Node(NodeOptions options, std::unique_ptr<Transport> transport)
    : loop_(std::make_shared<Loop>(std::move(options), std::move(transport))) {
  loop_->start();
}

Node::~Node() { loop_->stop(); }

Result<Peer> Node::connect(std::string_view address) {
  auto dialled = loop_->connect(address);
  if (!dialled) return std::unexpected(std::move(dialled.error()));
  return Peer({.loop = loop_, .gate = std::move(dialled->second), .peer = dialled->first});
}

void Node::on_peer_change(std::function<void(const Peer& peer, PeerState state)> callback) {
  const std::weak_ptr<Loop> weak = loop_;
  loop_->watch_peers([weak, callback = std::move(callback)](PeerId peer, std::shared_ptr<PeerGate> gate, PeerState state) {
    if (auto loop = weak.lock()) callback(Peer({.loop = std::move(loop), .gate = std::move(gate), .peer = peer}), state);
  });
}

}  // namespace structwire::messaging
