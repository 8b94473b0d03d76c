// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace structwire::test {

/// The seed of a random test: `STRUCTWIRE_SEED`, or a new one. It is printed, also when the test
/// passes, so that any run can be had again.
inline std::uint64_t random_seed() {
  const char* given = std::getenv("STRUCTWIRE_SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 0) : std::random_device{}();
  ::testing::Test::RecordProperty("seed", std::to_string(seed));
  std::printf("STRUCTWIRE_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

/// Random numbers that are the same on every machine for the same seed.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// Any 64 bits.
  std::uint64_t bits() { return engine_(); }
  /// From 0 to `end` - 1.
  std::uint64_t below(std::uint64_t end) { return engine_() % end; }
  /// From `low` to `high`, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  /// True once in `of` times.
  bool once_in(std::uint64_t of) { return below(of) == 0; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace structwire::test
