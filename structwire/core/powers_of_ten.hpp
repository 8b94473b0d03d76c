// SPDX-License-Identifier: Apache-2.0
#pragma once

// Powers of ten as 128-bit fractions: what turns decimal into binary and back with one or two multiplications.

#include <array>
#include <cstddef>
#include <cstdint>

namespace structwire {

/// 10^e is in [f, f + 1) × 2^(floor_log2_of_power(e) - 127) for f = high × 2^64 + low; the highest bit is set.
struct PowerOfTen {
  std::uint64_t high;
  std::uint64_t low;
};

inline constexpr int power_of_ten_min = -342;
inline constexpr int power_of_ten_max = 324;

inline constexpr std::size_t powers_of_ten_count = power_of_ten_max - power_of_ten_min + 1;
extern const std::array<PowerOfTen, powers_of_ten_count> powers_of_ten;

/// `exponent` between power_of_ten_min and power_of_ten_max.
inline const PowerOfTen& power_of_ten(int exponent) noexcept {
  return powers_of_ten[static_cast<std::size_t>(exponent - power_of_ten_min)];
}

/// 10^e fits 128 bits: nothing was cut off.
constexpr bool is_exact_power(int exponent) noexcept { return exponent >= 0 && exponent <= 55; }

// Logarithms as fixed-point products; the test checks each of them over its whole range.

/// floor(log2(10^e)) for |e| <= 1233.
constexpr int floor_log2_of_power(int exponent) noexcept { return (exponent * 1741647) >> 19; }
/// floor(log10(2^e)) for |e| <= 1500.
constexpr int floor_log10_of_power_of_two(int exponent) noexcept { return (exponent * 1262611) >> 22; }
/// floor(log10(3/4 × 2^e)) for |e| <= 1500.
constexpr int floor_log10_of_three_quarters(int exponent) noexcept { return (exponent * 1262611 - 524031) >> 22; }

}  // namespace structwire
