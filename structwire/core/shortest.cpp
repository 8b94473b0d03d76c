// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/shortest.hpp>

namespace structwire::shortest_detail {
namespace {

// floor(factor × power / 2^128), with the lowest bit set when anything was cut off (section 9.8).
std::uint64_t round_to_odd(const PowerOfTen& power, std::uint64_t factor) noexcept {
  const uint128 product = static_cast<uint128>(factor) * power.high + high_word(factor, power.low);
  return static_cast<std::uint64_t>(product >> 64) | (static_cast<std::uint64_t>(product) > 1);
}

// The digits, times 10^k.
std::uint64_t digits_of(const Binary& binary, int k) noexcept {
  const auto [c, q, uneven] = binary;
  const int shift = q + floor_log2_of_power(-k) + 1;
  PowerOfTen power = power_of_ten(-k);
  if (!is_exact_power(-k)) power.low += 1;  // Rounded up; no power in the table ends in 64 ones.
  // In quarters of the scaled value: the lower end, the value, the upper end.
  const std::uint64_t lower = round_to_odd(power, (4 * c - 2 + uneven) << shift) + (c & 1);
  const std::uint64_t value = round_to_odd(power, 4 * c << shift);
  const std::uint64_t upper = round_to_odd(power, (4 * c + 2) << shift) - (c & 1);
  const std::uint64_t whole = value / 4;
  if (whole >= 10) {
    const std::uint64_t tens = whole / 10;
    const bool down = lower <= 40 * tens;
    const bool up = 40 * tens + 40 <= upper;
    if (down != up) return 10 * (tens + up);
  }
  const bool down = lower <= 4 * whole;
  const bool up = 4 * whole + 4 <= upper;
  if (down != up) return whole + up;
  const std::uint64_t middle = 4 * whole + 2;
  return whole + (value > middle || (value == middle && (whole & 1) != 0));
}

}  // namespace

ShortestDecimal shortest_exactly(const Binary& value) noexcept {
  const int k = value.uneven ? floor_log10_of_three_quarters(value.q) : floor_log10_of_power_of_two(value.q);
  const std::uint64_t digits = digits_of(value, k);
  return {digits / 10, digits % 10, k};
}

}  // namespace structwire::shortest_detail
