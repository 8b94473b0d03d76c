// SPDX-License-Identifier: Apache-2.0
#pragma once

// A send on its way from the program to the loop, and who waits for its end.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/endpoint/one_ways.hpp>
#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/loop/job.hpp>
#include <structwire/messaging/loop/peer_gate.hpp>

namespace structwire::messaging {

class Departure;
class Loop;

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
  // The loop's: the send while it is on its way.
  Departure* departure_ = nullptr;
  bool cancelled_ = false;
};

/// A message that leaves for a peer, from the thread that sends to its outcome: one allocation for all of the way. One
/// that dies before it reached the endpoint has ended as `stopped`.
class Departure final : public Job {
 public:
  explicit Departure(Loop& loop) noexcept : loop_(loop) {}
  ~Departure() override;
  void run(JobPointer self) noexcept override;

  PeerId peer{};
  OutgoingMessage message;
  std::shared_ptr<PeerGate> gate;
  std::shared_ptr<Pending> pending;  ///< May be nobody.
  Instant begun{};
  Instant deadline = never;
  Duration encode{};  ///< What encoding took; measured for sampled ones.

 private:
  friend class Loop;
  // The loop's. Within the gate: as many bytes, from when it was let in until it leaves.
  Loop& loop_;
  bool inside_ = false;
  std::uint64_t bytes_ = 0;
  Ticket ticket_{};
  std::string handler_;  // Where it is timed.
  Instant posted_{};
};

/// One-way messages to one peer, of any threads: others join them until the loop takes them.
class Leaving final : public Job, public OneWays {
 public:
  Leaving(Loop& loop, PeerId peer, std::shared_ptr<PeerGate> gate, std::uint8_t priority) noexcept
      : OneWays(priority), loop_(loop), peer_(peer), gate_(std::move(gate)) {}
  ~Leaving() override;
  void run(JobPointer self) noexcept override;
  void left(Amount amount) override;

  /// May a message of this priority join them?
  bool takes(std::uint8_t priority) const noexcept {
    return priority == this->priority() && amount().messages < messages_max && amount().bytes < bytes_max;
  }

 private:
  static constexpr std::uint64_t messages_max = 512;
  static constexpr std::uint64_t bytes_max = 64 << 10;
  void close() noexcept;

  Loop& loop_;
  PeerId peer_;
  std::shared_ptr<PeerGate> gate_;
};

}  // namespace structwire::messaging
