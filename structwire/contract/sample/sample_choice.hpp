// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a sample decides wherever it has a choice (a part of contract/sample.hpp).

#include <cstdint>

namespace structwire::contract {

class Choice {
 public:
  enum class Way : std::uint8_t { smallest, largest, defaults, round, random };

  explicit Choice(Way way, std::uint64_t seed = 0) noexcept : way_(way), state_(seed) {}

  Way way() const noexcept { return way_; }
  /// From 0 to `count` - 1; the choices of every list are ordered from small to large.
  std::uint64_t below(std::uint64_t count) noexcept {
    switch (way_) {
      case Way::largest: return count - 1;
      case Way::round: return state_ % count;
      case Way::random: return bits() % count;
      default: return 0;
    }
  }
  bool yes() noexcept { return way_ == Way::random ? bits() % 4 != 0 : way_ == Way::largest || way_ == Way::round; }
  bool is_random() const noexcept { return way_ == Way::random; }

  /// Any 64 bits (splitmix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
  std::uint64_t bits() noexcept {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  Way way_;
  std::uint64_t state_;
};

}  // namespace structwire::contract
