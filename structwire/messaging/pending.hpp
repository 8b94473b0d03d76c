// SPDX-License-Identifier: Apache-2.0
#pragma once

// A send on its way from the program to the loop, and who waits for its end.

#include <cstdint>
#include <memory>

#include <structwire/messaging/endpoint.hpp>
#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/peer_gate.hpp>

namespace structwire::messaging {

/// Waits for the end of one send. The loop's thread calls, from within the endpoint's functions: who is called takes
/// note, and does anything else later.
class Pending {
 public:
  Pending() noexcept = default;
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  virtual ~Pending() = default;

  /// Exactly once, and last.
  virtual void settled(Outcome outcome) noexcept = 0;
  virtual void receipt() noexcept {}
  virtual void item(Reply) noexcept {}

 private:
  friend class Loop;
  // The loop's.
  std::uint64_t tag_ = 0;
  bool cancelled_ = false;
};

/// A message that leaves for a peer.
struct Departure {
  PeerId peer{};
  OutgoingMessage message;
  std::shared_ptr<PeerGate> gate;
  std::shared_ptr<Pending> pending;  ///< May be nobody.
  Instant begun{};
  Instant deadline = never;
  std::uint64_t bytes = 0;  ///< Of it in the gate.
  Duration encode{};  ///< What encoding took; measured for sampled ones.
};

}  // namespace structwire::messaging
