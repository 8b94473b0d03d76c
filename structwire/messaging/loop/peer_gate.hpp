// SPDX-License-Identifier: Apache-2.0
#pragma once

// What one node has on its way to one peer, bounded where the sends begin: a thread that sends faster than the peer
// takes waits here, before its message is queued anywhere.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>

#include <structwire/messaging/endpoint/credit.hpp>
#include <structwire/messaging/instant.hpp>

namespace structwire::messaging {

class Leaving;

/// For any number of threads.
class PeerGate {
 public:
  explicit PeerGate(Amount limit) noexcept : limit_(limit) {}

  /// False, and nothing is taken, where there is no room. A message alone always has room.
  bool enter(std::uint64_t bytes) noexcept;
  /// Waits for room, until `until`.
  bool wait(std::uint64_t bytes, Instant until);
  /// Over the limit where need be: for sends whose own bound is elsewhere.
  void push_in(std::uint64_t bytes) noexcept;
  void leave(std::uint64_t bytes) noexcept { leave(Amount{1, bytes}); }
  void leave(Amount amount) noexcept;
  /// What is inside has become larger.
  void grow(std::uint64_t bytes) noexcept { bytes_.fetch_add(bytes); }
  /// Nobody waits any more; everyone enters.
  void open();

  /// Does the peer want its payloads compressed? Told by the loop, asked by who sends to it.
  bool compresses() const noexcept { return compresses_.load(std::memory_order_relaxed); }
  void set_compresses(bool wanted) noexcept { compresses_.store(wanted, std::memory_order_relaxed); }

  /// Calls use(joinable), one thread at a time, with the small messages that more of them may join; nullptr: none.
  template <class Use>
  decltype(auto) with_joinable(Use&& use) {
    const std::lock_guard lock(joinable_mutex_);
    return std::forward<Use>(use)(joinable_);
  }
  /// Nothing joins any more what was posted so far: what comes now goes behind what the caller has posted.
  void end_joining() {
    if (joinable_.load(std::memory_order_acquire) == nullptr) return;
    with_joinable([](std::atomic<Leaving*>& joinable) { joinable.store(nullptr, std::memory_order_relaxed); });
  }

  /// Room enough to wake who waits for it: woken for each message that leaves, a sender would sleep as often as it sends.
  bool has_slack() const noexcept;
  Amount inside() const noexcept { return {messages_.load(), bytes_.load()}; }

 private:
  Amount limit_;
  std::atomic<std::uint64_t> messages_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::uint32_t> waiting_ = 0;
  std::atomic<bool> opened_ = false;
  std::atomic<bool> compresses_ = false;
  std::mutex joinable_mutex_;
  std::atomic<Leaving*> joinable_ = nullptr;  // Written under joinable_mutex_.
  std::mutex mutex_;
  std::condition_variable room_;
};

}  // namespace structwire::messaging
