// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/digits.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include <tests/support/random.hpp>

namespace structwire {
namespace {

std::string eight_by_printf(std::uint64_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "%08llu", static_cast<unsigned long long>(value));
  return text;
}

void check_eight(std::uint64_t value) {
  const std::string expected = eight_by_printf(value);
  char text[8];
  digits::store(text, digits::spread(value) | digits::ascii_zeros);
  ASSERT_EQ(std::string(text, 8), expected);
  digits::store(text, digits::eight(value) | digits::ascii_zeros);
  ASSERT_EQ(std::string(text, 8), expected);
}

void check_sixteen(std::uint64_t high, std::uint64_t low) {
  const std::string expected = eight_by_printf(high) + eight_by_printf(low);
  const digits::Sixteen digits(high, low);
  for (std::size_t i = 0; i < 16; ++i) ASSERT_EQ((digits.nonzero() >> i & 1) != 0, expected[i] != '0') << expected;
  for (std::size_t count = 0; count <= 17; ++count) {
    char text[16];
    digits.put_behind(static_cast<int>(count), text);
    const std::string left = count < 16 ? expected.substr(count) : "";
    ASSERT_EQ(std::string(text, 16), left + std::string(16 - left.size(), '0')) << count;
  }
}

// Where a digit changes: there a reciprocal that is a little wrong shows.
TEST(Digits, are_right_on_both_sides_of_every_change_of_a_digit) {
  for (std::uint64_t place = 1; place <= 10'000'000; place *= 10) {
    for (std::uint64_t value = place; value < 100'000'000; value += place * (1 + 10'000'000 / place / 50'000)) {
      check_eight(value - 1);
      check_eight(value);
    }
  }
  check_eight(99'999'999);
}

TEST(Digits, are_right_for_random_values) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 100'000; ++i) check_eight(random.below(100'000'000));
  for (int i = 0; i < 10'000; ++i) {
    check_sixteen(random.below(std::uint64_t{1} << random.below(27)), random.below(std::uint64_t{1} << random.below(27)));
    check_sixteen(random.below(100) * 1'000'000, random.below(100) * 1'000'000);
  }
  check_sixteen(0, 0);
  check_sixteen(99'999'999, 99'999'999);
}

}  // namespace
}  // namespace structwire
