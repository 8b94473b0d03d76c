// SPDX-License-Identifier: Apache-2.0
#pragma once

// Time, as the message layer sees it: it is told, and never asks a clock.

#include <chrono>

namespace structwire::messaging {

/// A span of time.
using Duration = std::chrono::nanoseconds;

/// A moment of a clock that never goes back, counted from anywhere: the steady clock of a real process, the virtual one
/// of a simulation. Moments of two peers are never compared; what crosses the wire is the time that is left.
using Instant = std::chrono::time_point<std::chrono::steady_clock, Duration>;

inline constexpr Instant never = Instant::max();

/// Where `from` is too late for `after` to fit, never.
constexpr Instant later(Instant from, Duration after) noexcept {
  return never - from > after ? from + after : never;
}

}  // namespace structwire::messaging
