// SPDX-License-Identifier: Apache-2.0
#pragma once

// The decimal with the fewest digits that reads back to the same float; of several the nearest.
//
// After R. Giulietti, "The Schubfach way to render doubles" (2022): v = c × 2^q is scaled by 10^-k so that the
// distance to the next float is between 1 and 10. Then the interval that reads back to v holds an integer, and
// at most one multiple of ten: if it holds one, that is the shortest, else the integer nearest to the scaled v.
//
// Schubfach multiplies three times, for v and both ends of the interval. Here one product gives the scaled v to
// 64 bits behind the point, and half the distance is a shift of the power: enough to decide, except within a few
// units of the last bit, where the exact way decides.

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <structwire/core/config.hpp>
#include <structwire/core/powers_of_ten.hpp>

namespace structwire {

/// digits × 10^exponent; the digits may end in zeros.
struct ShortestDecimal {
  std::uint64_t digits;
  int exponent;
};

namespace shortest_detail {

__extension__ using uint128 = unsigned __int128;

inline std::uint64_t high_word(std::uint64_t a, std::uint64_t b) noexcept {
  return static_cast<std::uint64_t>(static_cast<uint128>(a) * b >> 64);
}

/// c × 2^q, when the neighbours are not (`uneven`) or hardly equally far.
STRUCTWIRE_COLD ShortestDecimal shortest_exactly(std::uint64_t c, int q, bool uneven) noexcept;

}  // namespace shortest_detail

/// `magnitude` is finite and above zero.
template <class Float>
STRUCTWIRE_ALWAYS_INLINE ShortestDecimal shortest_decimal(Float magnitude) noexcept {
  using namespace shortest_detail;
  using Bits = std::conditional_t<sizeof(Float) == 8, std::uint64_t, std::uint32_t>;
  constexpr int stored_bits = std::numeric_limits<Float>::digits - 1;
  constexpr Bits hidden = Bits{1} << stored_bits;
  constexpr int q_min = std::numeric_limits<Float>::min_exponent - std::numeric_limits<Float>::digits;

  const Bits bits = std::bit_cast<Bits>(magnitude);
  const int biased = static_cast<int>(bits >> stored_bits);
  std::uint64_t c = bits & (hidden - 1);
  // A power of two: the next float below is nearer than the next one above.
  if (c == 0 && biased > 1) [[unlikely]] return shortest_exactly(hidden, q_min + biased - 1, true);
  c |= biased == 0 ? 0 : hidden;
  const int q = biased == 0 ? q_min : q_min + biased - 1;

  const int k = floor_log10_of_power_of_two(q);
  const int shift = q + floor_log2_of_power(-k) + 1;  // 1 to 4
  const PowerOfTen& power = power_of_ten(-k);
  const std::uint64_t factor = c << shift;
  const uint128 product = static_cast<uint128>(factor) * power.high + high_word(factor, power.low);
  const auto whole = static_cast<std::uint64_t>(product >> 64);
  const auto fraction = static_cast<std::uint64_t>(product);
  // In units of 2^-60: how far the value lies above a multiple of ten, and half the distance to the next float.
  constexpr std::uint64_t one = std::uint64_t{1} << 60;
  constexpr std::uint64_t doubt = 8;
  const std::uint64_t tens = whole / 10 * 10;
  const std::uint64_t above = (whole - tens) * one + (fraction >> 4);
  const std::uint64_t below = 10 * one - above;
  const std::uint64_t half = power.high >> (5 - shift);
  const bool doubtful = static_cast<int>(above - half + doubt <= 2 * doubt) |
                        static_cast<int>(below - half + doubt <= 2 * doubt) |
                        static_cast<int>(fraction - (std::uint64_t{1} << 63) + doubt <= 2 * doubt);
  if (doubtful) [[unlikely]] return shortest_exactly(c, q, false);
  // Which of the three it is nobody can predict: no branches.
  const std::uint64_t nearest = whole + (fraction >> 63);
  const std::uint64_t round = below < half ? tens + 10 : tens;
  const bool is_round = static_cast<int>(above < half) | static_cast<int>(below < half);
  return {is_round ? round : nearest, k};
}

}  // namespace structwire
