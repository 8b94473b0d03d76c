// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node: one program's place among others. It offers handlers, connects to peers and sends them messages.
//
//   sw::messaging::Node node({.name = "worker-7"});
//   node.handle<Update, Ack>("cross_worker.update", [](const Update& update) { return Ack{update.sequence}; });
//   auto address = node.listen("tcp://127.0.0.1:*");
//   auto peer = node.connect("tcp://10.0.0.7:5555");                 // usable at once
//   auto answer = peer->message<Ack>("cross_worker.update", update).deadline(1s).call();
//
// Threads: a node has two for the network, of which one sleeps, and a pool for handlers. All functions are for any
// thread, but stop(), drain() and the destructor must not be called from a handler or callback of the node itself.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/messaging/client.hpp>
#include <structwire/messaging/handlers.hpp>
#include <structwire/messaging/node_options.hpp>
#include <structwire/messaging/status.hpp>
#include <structwire/messaging/transport.hpp>

namespace structwire::messaging {

class Node {
 public:
  /// Over ZeroMQ: addresses are tcp://host:port and ipc://path.
  explicit Node(NodeOptions options = {});
  /// Over any transport, such as `zeromq({.keys = …})`, which encrypts, or `stream_sockets({})`, which is the quickest
  /// between processes of one machine.
  Node(NodeOptions options, std::unique_ptr<Transport> transport);
  /// Stops.
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Offers a handler (handlers.hpp tells what a callable may look like). Peers that are connected are told. Errors:
  /// refused for a name that has one already.
  template <class Request, class Reply = Deduced, class List = MessagePack, class Function>
  Result<void> handle(std::string_view name, Function&& function, HandlerOptions options = {}) {
    return loop_->add_handler(make_handler<Request, Reply, List>(
        name, std::decay_t<Function>(std::forward<Function>(function)), std::move(options)));
  }
  /// Requests that are running go on.
  void remove_handler(std::string_view name) { loop_->remove_handler(name); }

  /// Waits for others there; returns the address to connect to, with a free port or name for `*`.
  Result<std::string> listen(std::string_view address) { return loop_->listen(address); }
  /// Keeps a connection to an address open from now on. What is sent before it stands waits, until its deadline.
  /// Errors: an address that makes no sense.
  Result<Peer> connect(std::string_view address);
  /// Called in the pool, one change after the other, also for peers that connected to this one; in place of what was
  /// set before.
  void on_peer_change(std::function<void(const Peer& peer, PeerState state)> callback);

  Counters counters() const { return loop_->counters(); }
  NodeStatus status() const { return loop_->status(); }

  /// Takes no new requests, and waits for what runs and for what was sent; true when all of that ended in time.
  bool drain(Duration patience) { return loop_->drain(patience); }
  /// Sends without an outcome end as `stopped`, requests that wait do not run, and those that run are waited for.
  void stop() { loop_->stop(); }

 private:
  std::shared_ptr<Loop> loop_;
};

}  // namespace structwire::messaging
