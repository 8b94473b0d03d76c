// SPDX-License-Identifier: Apache-2.0
#pragma once

// What keeps a sender from making a bad day worse: a circuit breaker for each handler of a peer, a budget for retries.

#include <algorithm>
#include <cstdint>

#include <structwire/messaging/instant.hpp>

namespace structwire::messaging {

/// Closed: sends pass. After so many failures in a row open: nothing passes for a while. Then one send probes: its
/// success closes the circuit, its failure opens it anew for twice as long, up to 16 times.
/// (Nygard, Release It!, the circuit breaker.)
class CircuitBreaker {
 public:
  bool allow(std::uint32_t failures_allowed, Instant now) noexcept {
    if (failures_allowed == 0 || failures_ < failures_allowed) return true;
    if (now < open_until_ || probing_) return false;
    return probing_ = true;
  }
  bool is_probing() const noexcept { return probing_; }
  void succeeded() noexcept {
    failures_ = 0;
    openings_ = 0;
    probing_ = false;
  }
  /// A send that neither proves nor disproves anything, such as one that was cancelled.
  void undecided() noexcept { probing_ = false; }
  /// True where this opened the circuit.
  bool failed(std::uint32_t failures_allowed, Duration open, Instant now) noexcept {
    if (failures_allowed == 0) return false;
    const bool was_open = failures_ >= failures_allowed;
    if (was_open && !probing_) return false;
    probing_ = false;
    if (++failures_ < failures_allowed) return false;
    open_until_ = later(now, open * (std::int64_t{1} << std::min(openings_, 4u)));
    ++openings_;
    return true;
  }

 private:
  std::uint32_t failures_ = 0;
  std::uint32_t openings_ = 0;
  bool probing_ = false;
  Instant open_until_{};
};

/// So many retries per send in the long run, and a burst of ten: retries of a peer in trouble stay a small part of its
/// load. (The token bucket of gRPC's retry throttling, gRFC A6.)
class RetryBudget {
 public:
  void sent(double share) noexcept { tokens_ = std::min(tokens_ + share, burst); }
  bool take() noexcept {
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  static constexpr double burst = 10;
  double tokens_ = burst;
};

}  // namespace structwire::messaging
