// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who a message is: 16 bytes that no other message has.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace structwire::messaging {

/// A sender's life and a count of its messages. A sender draws a new incarnation at random whenever it starts, so that
/// what a former life sent is told apart, and a receiver needs one window of counters per sender to notice repeats.
/// A peer of the legacy protocol sends UUIDs, which fit unchanged.
struct MessageId {
  std::uint64_t incarnation = 0;
  std::uint64_t counter = 0;

  friend constexpr auto operator<=>(const MessageId&, const MessageId&) = default;
  /// All zero: no message.
  constexpr explicit operator bool() const noexcept { return incarnation != 0 || counter != 0; }
};

}  // namespace structwire::messaging

template <>
struct std::hash<structwire::messaging::MessageId> {
  std::size_t operator()(const structwire::messaging::MessageId& id) const noexcept {
    // Counters are dense and incarnations random: one multiplication spreads both (Fibonacci hashing, Knuth 6.4).
    return static_cast<std::size_t>((id.incarnation ^ id.counter) * 0x9e3779b97f4a7c15u);
  }
};
