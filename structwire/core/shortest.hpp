// SPDX-License-Identifier: Apache-2.0
#pragma once

// The decimal with the fewest digits that reads back to the same float; of several the nearest.
//
// After R. Giulietti, "The Schubfach way to render doubles" (2022): v = c × 2^q is scaled by 10^-k so that the
// distance to the next float is between 1 and 10. Then the interval that reads back to v holds an integer, and
// at most one multiple of ten: if it holds one, that is the shortest, else the integer nearest to the scaled v.
//
// Schubfach multiplies three times, for v and both ends of the interval. Here one product gives a tenth of the scaled
// v: its whole part is the multiple of ten below, and its fraction, to 64 bits, tells how far v lies above that. Half
// the distance to the next float is a shift of the power. That is enough to decide, except within a few units of the
// last bit, where the exact way decides.

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <structwire/core/config.hpp>
#include <structwire/core/powers_of_ten.hpp>

namespace structwire {

/// (10 × tens + ones) × 10^exponent, with ones < 10; the digits may end in zeros.
struct ShortestDecimal {
  std::uint64_t tens;
  std::uint64_t ones;
  int exponent;
};

namespace shortest_detail {

__extension__ using uint128 = unsigned __int128;

inline std::uint64_t high_word(std::uint64_t a, std::uint64_t b) noexcept {
  return static_cast<std::uint64_t>(static_cast<uint128>(a) * b >> 64);
}

/// A float as c × 2^q. A power of two is uneven: the next float below is nearer than the next one above.
struct Binary {
  std::uint64_t c;
  int q;
  bool uneven;
};

/// `magnitude` is finite and above zero.
template <class Float>
Binary binary_of(Float magnitude) noexcept {
  using Bits = std::conditional_t<sizeof(Float) == 8, std::uint64_t, std::uint32_t>;
  constexpr int stored_bits = std::numeric_limits<Float>::digits - 1;
  constexpr Bits hidden = Bits{1} << stored_bits;
  constexpr int q_min = std::numeric_limits<Float>::min_exponent - std::numeric_limits<Float>::digits;
  const Bits bits = std::bit_cast<Bits>(magnitude);
  const int biased = static_cast<int>(bits >> stored_bits);
  const std::uint64_t c = bits & (hidden - 1);
  if (biased == 0) return {c, q_min, false};
  return {c | hidden, q_min + biased - 1, c == 0 && biased > 1};
}

/// When the neighbours are not or hardly equally far.
STRUCTWIRE_COLD ShortestDecimal shortest_exactly(const Binary& value) noexcept;

}  // namespace shortest_detail

/// c × 2^q with neighbours that are equally far; false where the exact way must decide.
STRUCTWIRE_ALWAYS_INLINE bool shortest_quickly(std::uint64_t c, int q, ShortestDecimal& decimal) noexcept {
  using namespace shortest_detail;
  const int k = floor_log10_of_power_of_two(q);
  // 8 to 11, so that 11 bits of the upper word are behind the point.
  const int shift = q + floor_log2_of_power(-k - 1) + 12;
  const PowerOfTen& power = power_of_ten(-k - 1);
  const std::uint64_t factor = c << shift;
  const uint128 product = static_cast<uint128>(factor) * power.high + high_word(factor, power.low);
  const auto tens = static_cast<std::uint64_t>(product >> 75);
  // In units of 2^-64: how far a tenth of the value lies above `tens`, and half the distance to the next float. Both
  // are at most one unit too small.
  const auto above = static_cast<std::uint64_t>(product >> 11);
  const std::uint64_t half = power.high >> (12 - shift);
  const uint128 scaled = static_cast<uint128>(above) * 10;
  const auto behind_ones = static_cast<std::uint64_t>(scaled);
  constexpr std::uint64_t doubt = 4;
  if (above - half + doubt <= 2 * doubt || above + half + doubt <= 2 * doubt ||
      behind_ones - (std::uint64_t{1} << 63) + 10 * doubt <= 20 * doubt) [[unlikely]] {
    return false;
  }
  // Which of the three it is nobody can predict: no branches. Half is less than a half, so both cannot be.
  const auto down = static_cast<std::uint64_t>(above < half);
  const auto up = static_cast<std::uint64_t>(above > std::uint64_t{0} - half);
  const std::uint64_t ones = static_cast<std::uint64_t>(scaled >> 64) + (behind_ones >> 63);
  decimal = {tens + up, ones & ((down | up) - 1), k};
  return true;
}

/// `magnitude` is finite and above zero.
template <class Float>
ShortestDecimal shortest_decimal(Float magnitude) noexcept {
  const shortest_detail::Binary value = shortest_detail::binary_of(magnitude);
  ShortestDecimal decimal;
  if (value.uneven || !shortest_quickly(value.c, value.q, decimal)) return shortest_detail::shortest_exactly(value);
  return decimal;
}

}  // namespace structwire
