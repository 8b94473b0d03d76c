// SPDX-License-Identifier: Apache-2.0
#pragma once

// A send on its way from the program to the loop, and who waits for its end.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/endpoint/many_messages.hpp>
#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/loop/job.hpp>
#include <structwire/messaging/loop/peer_gate.hpp>

namespace structwire::messaging {

class Departure;
class Leaving;
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
  friend class Leaving;
  friend class Loop;
  // The loop's: the send while it is on its way, alone or, with its tag there, among many.
  Departure* departure_ = nullptr;
  Leaving* leaving_ = nullptr;
  std::uint64_t tag_ = 0;
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
  friend class Leaving;
  friend class Loop;
  // The loop's. Within the gate: as many bytes, from when it was let in until it leaves.
  Loop& loop_;
  bool inside_ = false;
  std::uint64_t bytes_ = 0;
  Ticket ticket_{};
  std::string handler_;  // Where it is timed.
  Instant posted_{};
};

/// Small messages to one peer, of any threads: others join them until the loop takes them.
class Leaving final : public Job, public ManyMessages {
 public:
  Leaving(Loop& loop, PeerId peer, std::shared_ptr<PeerGate> gate, std::uint8_t priority, Delivery delivery) noexcept
      : ManyMessages(priority, delivery), loop_(loop), peer_(peer), gate_(std::move(gate)) {}
  ~Leaving() override;
  void run(JobPointer self) noexcept override;

  /// May such a message join them?
  bool takes(std::uint8_t priority, Delivery delivery) const noexcept {
    return priority == this->priority() && delivery == this->delivery() && waiting().messages < messages_max &&
           waiting().bytes < bytes_max;
  }
  /// `pending` may be nobody.
  void add(SmallMessage message, std::shared_ptr<Pending> pending);

  void done(const Message& message) override;
  std::uint64_t parted(const Message& message, Ticket its_own) override;
  void left(Amount amount) override;

 private:
  static constexpr std::uint64_t messages_max = 512;
  static constexpr std::uint64_t bytes_max = 64 << 10;
  void close() noexcept;
  std::shared_ptr<Pending> take(const Message& message) noexcept;

  Loop& loop_;
  PeerId peer_;
  std::shared_ptr<PeerGate> gate_;
  std::vector<std::shared_ptr<Pending>> pending_;  // By tag; of confirmed ones.
};

}  // namespace structwire::messaging
