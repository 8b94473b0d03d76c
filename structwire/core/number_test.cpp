// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/number.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
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
  char text[double_text_max];
  EXPECT_EQ(std::string(text, write_number(text, 0.1f)), "0.1");
  EXPECT_EQ(std::string(text, write_number(text, std::numeric_limits<float>::max())), "3.4028235e38");
}

TEST(Number, reads_back_every_double_that_it_writes) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 200'000; ++i) {
    const double value = std::bit_cast<double>(random.bits());
    if (!std::isfinite(value)) continue;
    char text[double_text_max];
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
