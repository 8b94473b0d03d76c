// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/powers_of_ten.hpp>

#include <bit>
#include <cstddef>

namespace structwire {
namespace {

__extension__ using uint128 = unsigned __int128;

// Little-endian words; wide enough for 5^324 and for 2^128 × 5^342.
constexpr std::size_t wide_words = 15;
using Wide = std::array<std::uint64_t, wide_words>;

constexpr void multiply(Wide& number, std::uint64_t factor) {
  std::uint64_t carry = 0;
  for (std::uint64_t& word : number) {
    const uint128 product = static_cast<uint128>(word) * factor + carry;
    word = static_cast<std::uint64_t>(product);
    carry = static_cast<std::uint64_t>(product >> 64);
  }
}

constexpr void divide(Wide& number, std::uint64_t divisor) {
  std::uint64_t rest = 0;
  for (std::size_t i = wide_words; i-- > 0;) {
    const uint128 part = static_cast<uint128>(rest) << 64 | number[i];
    number[i] = static_cast<std::uint64_t>(part / divisor);
    rest = static_cast<std::uint64_t>(part % divisor);
  }
}

// The 128 bits from the highest set one on.
constexpr PowerOfTen highest_bits(const Wide& number) {
  std::size_t top = wide_words - 1;
  while (number[top] == 0) --top;
  const auto word = [&](std::size_t below) { return top >= below ? number[top - below] : 0; };
  const int shift = std::countl_zero(number[top]);
  const auto joined = [shift](std::uint64_t high, std::uint64_t low) {
    return shift == 0 ? high : high << shift | low >> (64 - shift);
  };
  return {joined(word(0), word(1)), joined(word(1), word(2))};
}

}  // namespace

// 10^e is 5^e but for the binary exponent. Negative powers: dividing 2^959 by 5 again and again, rounding down,
// is the same as dividing it by 5^n once.
constinit const std::array<PowerOfTen, powers_of_ten_count> powers_of_ten = [] {
  std::array<PowerOfTen, powers_of_ten_count> table{};
  Wide number{1};
  for (int e = 0; e <= power_of_ten_max; ++e) {
    table[static_cast<std::size_t>(e - power_of_ten_min)] = highest_bits(number);
    multiply(number, 5);
  }
  number = {};
  number.back() = std::uint64_t{1} << 63;
  for (int e = -1; e >= power_of_ten_min; --e) {
    divide(number, 5);
    table[static_cast<std::size_t>(e - power_of_ten_min)] = highest_bits(number);
  }
  return table;
}();

}  // namespace structwire
