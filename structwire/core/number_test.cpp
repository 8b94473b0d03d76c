// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/number.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>

#include <tests/support/random.hpp>

namespace structwire {
namespace {

TEST(Number, writes_doubles_in_msgspecs_form) {
  const std::pair<double, const char*> rows[] = {
      {0.0, "0.0"},           {-0.0, "-0.0"},
      {1.0, "1.0"},           {0.1, "0.1"},
      {100.0, "100.0"},       {1e15, "1000000000000000.0"},
      {1e16, "1e16"},         {1.2345678901234568e17, "1.2345678901234568e17"},
      {0.00001, "0.00001"},   {1e-6, "1e-6"},
      {1.5e-7, "1.5e-7"},     {-2.5e-300, "-2.5e-300"},
      {5e-324, "5e-324"},     {1.7976931348623157e308, "1.7976931348623157e308"},
      {123.456, "123.456"},   {9007199254740993.0, "9007199254740992.0"},
      {0.012345, "0.012345"}, {1790000350.745479, "1790000350.745479"},
  };
  for (const auto& [value, text] : rows) EXPECT_EQ(number_text(value), text);
}

TEST(Number, writes_a_float_with_the_digits_that_a_float_needs) {
  char text[number_text_room];
  EXPECT_EQ(std::string(text, write_number(text, 0.1f)), "0.1");
  EXPECT_EQ(std::string(text, write_number(text, std::numeric_limits<float>::max())), "3.4028235e38");
}

TEST(Number, reads_back_every_double_that_it_writes) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 200'000; ++i) {
    const double value = std::bit_cast<double>(random.bits());
    if (!std::isfinite(value)) continue;
    char text[number_text_room];
    const char* end = write_number(text, value);
    ASSERT_LE(end - text, static_cast<std::ptrdiff_t>(double_text_max));
    ASSERT_EQ(std::bit_cast<std::uint64_t>(parse_double({text, end})), std::bit_cast<std::uint64_t>(value))
        << std::string_view(text, end);
  }
}

TEST(Number, reads_as_strtod_does) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (std::uint64_t digits = 1 + random.below(25); digits > 0; --digits) text += static_cast<char>('0' + random.below(10));
    text.insert(random.below(text.size()), ".");
    if (text.front() == '.') text.insert(0, "0");
    text += "e" + std::to_string(static_cast<int>(random.below(700)) - 350);
    ASSERT_EQ(parse_double(text), std::strtod(text.c_str(), nullptr)) << text;
    ASSERT_EQ(parse_float(text), std::strtof(text.c_str(), nullptr)) << text;
  }
}

// Halfway between two doubles, and a digit beyond it: the 19 digits in front do not tell.
TEST(Number, reads_every_digit_where_the_first_ones_do_not_tell) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 20'000; ++i) {
    const double low = std::ldexp(static_cast<double>(std::uint64_t{1} << 52 | random.bits() >> 12),
                                  static_cast<int>(random.below(600)) - 350);
    // 17 digits more than a double has: the middle is exact in a long double.
    char text[1200];
    const long double middle = (static_cast<long double>(low) + std::nextafter(low, 1e308)) / 2;
    std::snprintf(text, sizeof text, "%.800Le", middle);
    std::string digits = text;
    const auto mark = digits.find('e');
    for (const char* tail : {"", "1"}) {
      std::string longer = digits;
      longer.insert(mark, tail);
      ASSERT_EQ(parse_double(longer), std::strtod(longer.c_str(), nullptr)) << longer;
    }
  }
}

TEST(Number, reads_digits_on_both_sides_of_the_point_alike) {
  for (int whole = 0; whole < 25; ++whole) {
    for (int fraction = 1; fraction < 25; ++fraction) {
      const std::string text = "1" + std::string(static_cast<std::size_t>(whole), '7') + "." +
                               std::string(static_cast<std::size_t>(fraction), '3') + "e-3";
      EXPECT_EQ(parse_double(text), std::strtod(text.c_str(), nullptr)) << text;
      const std::string small = "0." + std::string(static_cast<std::size_t>(whole), '0') + text.substr(0, text.find('.'));
      EXPECT_EQ(parse_double(small), std::strtod(small.c_str(), nullptr)) << small;
    }
  }
}

std::string plain_number(test::Random& random) {
  std::string text = random.once_in(3) ? "-" : "";
  const auto digits = [&](std::uint64_t count) {
    for (; count > 0; --count) text += static_cast<char>('0' + (random.once_in(4) ? 0 : random.below(10)));
  };
  digits(random.once_in(20) ? random.below(22) : 1 + random.below(4));
  if (random.once_in(8)) return text;
  text += ".";
  digits(random.once_in(20) ? random.below(22) : 1 + random.below(16));
  if (random.once_in(20)) text += std::string_view(".-/e:E5")[random.below(7)];
  if (random.once_in(20)) text.insert(random.below(text.size() + 1), 1, std::string_view(".-/e:,0+")[random.below(8)]);
  return text;
}

// Where bytes enough follow, another way is taken than where the input ends.
TEST(Number, reads_alike_whatever_follows) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 200'000; ++i) {
    const std::string text = plain_number(random) + ",";
    const std::string long_text = text + std::string(64, ' ');
    double here = 0;
    double there = 0;
    const char* const end = read_number(text.data(), text.data() + text.size(), here);
    const char* const long_end = read_number(long_text.data(), long_text.data() + long_text.size(), there);
    ASSERT_EQ(end == nullptr, long_end == nullptr) << text;
    if (end == nullptr) continue;
    ASSERT_EQ(end - text.data(), long_end - long_text.data()) << text;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(here), std::bit_cast<std::uint64_t>(there)) << text;
    ASSERT_EQ(here, std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(Number, reads_plain_numbers_one_after_the_other) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::uint64_t count = random.below(6); count > 0; --count) text += plain_number(random) + (count > 1 ? "," : "]");
    text += std::string(random.below(100), ' ');
    text.shrink_to_fit();
    double numbers[6] = {};
    const std::size_t count_max = random.below(7);
    const char* behind = text.data();
    const char* const end = text.data() + text.size();
    const std::size_t count = read_plain_numbers(behind, end, numbers, count_max);
    ASSERT_LE(count, count_max);
    const char* at = text.data();
    for (std::size_t k = 0; k < count; ++k) {
      double number = 0;
      if (k != 0) {
        ASSERT_EQ(*at++, ',') << text;
      }
      at = read_number(at, end, number);
      ASSERT_NE(at, nullptr) << text;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(number), std::bit_cast<std::uint64_t>(numbers[k])) << text;
    }
    ASSERT_EQ(at, behind) << text;
  }
}

TEST(Number, writes_integers) {
  test::Random random(test::random_seed());
  std::uint64_t power = 1;
  for (int digits = 0; digits < 20; ++digits, power *= 10) {
    for (const std::uint64_t value : {power - 1, power, power + 1, random.bits() % power, random.bits()}) {
      char text[number_text_room];
      EXPECT_EQ(std::string(text, write_number(text, value)), std::to_string(value));
      const auto sign_changed = static_cast<std::int64_t>(std::uint64_t{0} - value);
      EXPECT_EQ(std::string(text, write_number(text, sign_changed)), std::to_string(sign_changed));
    }
  }
}

TEST(Number, tells_overflow_from_underflow) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(parse_double("1e400"), infinity);
  EXPECT_EQ(parse_double("-1e400"), -infinity);
  EXPECT_EQ(parse_double("1e-400"), 0.0);
  EXPECT_TRUE(std::signbit(parse_double("-1e-400")));
  EXPECT_EQ(parse_double("0." + std::string(400, '0') + "1e750"), infinity);
  EXPECT_EQ(parse_double("1" + std::string(400, '0') + "e-750"), 0.0);
  EXPECT_EQ(parse_double("1e99999999999999999999"), infinity);
  EXPECT_EQ(parse_double("1e-99999999999999999999"), 0.0);
  EXPECT_EQ(parse_double("1e9223372036854775807"), infinity);
  EXPECT_EQ(parse_double("1e-9223372036854775808"), 0.0);
  EXPECT_EQ(parse_double("0e99999"), 0.0);
}

TEST(Number, knows_the_grammar_of_json) {
  for (const char* text : {"0", "-0", "1", "10", "-12.5", "1e5", "1E+5", "0.0e-1"}) EXPECT_TRUE(is_json_number(text)) << text;
  for (const char* text : {"", "-", "01", "+1", "1.", ".5", "1e", "1e+", "0x1", "1 ", " 1", "1_0", "nan"}) {
    EXPECT_FALSE(is_json_number(text)) << text;
  }
  EXPECT_TRUE(is_json_integer("-120"));
  EXPECT_FALSE(is_json_integer("1.0"));
  EXPECT_FALSE(is_json_integer("00"));
}

}  // namespace
}  // namespace structwire
