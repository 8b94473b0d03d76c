// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/shortest.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include <structwire/core/powers_of_ten.hpp>
#include <tests/support/random.hpp>

namespace structwire {
namespace {

// d.ddde±xx, as std::to_chars spells it: an implementation of its own (Ryu).
template <class Float>
std::string by_charconv(Float value) {
  char text[48];
  return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr};
}

template <class Float>
std::string by_schubfach(Float value) {
  const ShortestDecimal decimal = shortest_decimal(value);
  std::string digits = std::to_string(10 * decimal.tens + decimal.ones);
  const int exponent = decimal.exponent + static_cast<int>(digits.size()) - 1;
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  if (digits.size() > 1) digits.insert(1, ".");
  const std::string power = std::to_string(std::abs(exponent));
  return digits + (exponent < 0 ? "e-" : "e+") + (power.size() == 1 ? "0" + power : power);
}

template <class Float>
void check(Float value) {
  if (!std::isfinite(value) || value <= 0) return;
  ASSERT_EQ(by_schubfach(value), by_charconv(value));
}

TEST(Shortest, agrees_with_charconv_on_random_bits) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 300'000; ++i) {
    check(std::bit_cast<double>(random.bits() >> 1));
    check(std::bit_cast<float>(static_cast<std::uint32_t>(random.bits() >> 33)));
  }
}

TEST(Shortest, agrees_with_charconv_on_short_decimals_and_integers) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 100'000; ++i) {
    const auto digits = static_cast<double>(random.below(std::uint64_t{1} << (1 + random.below(60))));
    const double scale = std::pow(10.0, static_cast<double>(random.below(30)) - 15);
    check(digits);
    check(digits * scale);
    check(digits / scale);
    check(static_cast<float>(digits / scale));
  }
}

// Where the distances to both neighbours differ, and where ends of the interval are decimals themselves.
TEST(Shortest, agrees_with_charconv_around_powers) {
  for (int e = -1074; e < 1024; ++e) {
    const double power = std::ldexp(1.0, e);
    for (const double value : {std::nextafter(power, 0.0), power, std::nextafter(power, 1e308)}) check(value);
    if (e < -149 || e > 127) continue;
    const auto narrow = static_cast<float>(power);
    for (const float value : {std::nextafterf(narrow, 0.0f), narrow, std::nextafterf(narrow, 1e38f)}) check(value);
  }
  for (int e = -324; e < 309; ++e) {
    const double power = std::strtod(("1e" + std::to_string(e)).c_str(), nullptr);
    for (const double value : {std::nextafter(power, 0.0), power, std::nextafter(power, 1e308)}) check(value);
  }
  check(std::numeric_limits<double>::max());
  check(std::numeric_limits<double>::denorm_min());
}

TEST(PowerOfTen, has_a_highest_bit_and_room_to_be_rounded_up) {
  for (int e = power_of_ten_min; e <= power_of_ten_max; ++e) {
    EXPECT_EQ(power_of_ten(e).high >> 63, 1u) << e;
    EXPECT_NE(power_of_ten(e).low, ~std::uint64_t{0}) << e;
  }
  EXPECT_EQ(power_of_ten(0).high, std::uint64_t{1} << 63);
  EXPECT_EQ(power_of_ten(0).low, 0u);
  EXPECT_EQ(power_of_ten(1).high, std::uint64_t{5} << 61);
  // 10^27 × 2^(127 - 89): the first power that takes more than 64 bits is 5^28.
  EXPECT_EQ(power_of_ten(27).low, 0u);
  EXPECT_NE(power_of_ten(28).low, 0u);
  // 0.1 = 0.000110011…: 0xCCCC… × 2^-131.
  EXPECT_EQ(power_of_ten(-1).high, 0xCCCCCCCCCCCCCCCCu);
  EXPECT_EQ(power_of_ten(-1).low, 0xCCCCCCCCCCCCCCCCu);
}

TEST(PowerOfTen, has_logarithms_that_are_right_everywhere) {
  for (int e = -1233; e <= 1233; ++e) {
    EXPECT_EQ(floor_log2_of_power(e), static_cast<int>(std::floor(static_cast<long double>(e) * std::log2(10.0L)))) << e;
  }
  for (int e = -1500; e <= 1500; ++e) {
    EXPECT_EQ(floor_log10_of_power_of_two(e), static_cast<int>(std::floor(static_cast<long double>(e) * std::log10(2.0L))));
    const long double logarithm = static_cast<long double>(e) * std::log10(2.0L) + std::log10(0.75L);
    EXPECT_EQ(floor_log10_of_three_quarters(e), static_cast<int>(std::floor(logarithm))) << e;
  }
}

}  // namespace
}  // namespace structwire
