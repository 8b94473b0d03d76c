// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/messages/wait_timer.hpp>
#include <taskd/tasks/service.hpp>

#include <structwire/messaging/node.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>

/// The door for active messages: the handlers of `api/messages.hpp` on a node, over ZeroMQ.
namespace structwire::taskd::messages {

struct DoorOptions {
  std::string address;  ///< `tcp://127.0.0.1:9090`, `ipc:///run/structwired`
  std::size_t peers_max = 1024;
  unsigned threads = 2;
  /// The daemon's key pair and the folder with the public keys that are let in (keys.hpp); both empty: no keys, whoever
  /// reaches the address may call.
  std::string key_file;
  std::string allowed_folder;
};

class Door {
 public:
  /// The service must outlive the door. Errors: a sentence for people, such as an address that is taken.
  static std::expected<std::unique_ptr<Door>, std::string> open(Service& service, const DoorOptions& options);

  /// To connect to: with the port that the system chose for `*`.
  const std::string& address() const { return address_; }
  /// Refuses what is new, and waits so long for what runs.
  void drain(std::chrono::milliseconds time) { node_->drain(time); }
  /// Ends every conversation.
  void stop() { node_->stop(); }

 private:
  Door() = default;

  std::string address_;
  std::unique_ptr<WaitTimer> timer_;
  std::unique_ptr<messaging::Node> node_;  // Last: its threads use the timer.
};

}  // namespace structwire::taskd::messages
