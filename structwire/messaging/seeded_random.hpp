// SPDX-License-Identifier: Apache-2.0
#pragma once

// Random numbers that are the same everywhere for the same seed, at 8 bytes each generator: what simulations, jitter and
// tests draw from. Not for secrets.

#include <cstdint>

#include <structwire/messaging/instant.hpp>

namespace structwire::messaging {

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed) noexcept : state_(seed) {}

  /// Any 64 bits.
  std::uint64_t bits() noexcept {
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 31;
  }
  /// From 0 to `end` - 1; 0 for an end of 0.
  std::uint64_t below(std::uint64_t end) noexcept { return end == 0 ? 0 : bits() % end; }
  /// From `low` to `high`, both included.
  std::uint64_t between(std::uint64_t low, std::uint64_t high) noexcept {
    return low + below(high - low + 1);
  }
  Duration between(Duration low, Duration high) noexcept {
    return low + Duration(static_cast<std::int64_t>(
                     below(static_cast<std::uint64_t>((high - low).count()) + 1)));
  }
  bool chance(double probability) noexcept {
    return static_cast<double>(bits() >> 11) * 0x1p-53 < probability;
  }
  /// Another generator, whose numbers have nothing to do with those that follow here.
  SeededRandom split() noexcept { return SeededRandom(bits()); }

 private:
  std::uint64_t state_;
};

}  // namespace structwire::messaging
