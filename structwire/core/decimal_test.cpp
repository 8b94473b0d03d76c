// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/decimal.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tests/support/random.hpp>

namespace structwire {
namespace {

std::string rewritten(std::string_view text) {
  Decimal value;
  const char* problem = TextScalar<Decimal>::parse(text, value);
  return problem ? problem : text_of(value);
}

Decimal decimal(std::string_view text) { return Decimal::from_text(text).value(); }

TEST(Decimal, is_written_as_python_writes_it) {
  const std::pair<const char*, const char*> rows[] = {
      {"1.2300", "1.2300"},
      {".5", "0.5"},
      {"+.5", "0.5"},
      {"-.0", "-0.0"},
      {"5.", "5"},
      {"0001", "1"},
      {"00.00", "0.00"},
      {"-0", "-0"},
      {"1e5", "1E+5"},
      {"1.e5", "1E+5"},
      {"1.0e1", "10"},
      {"10e-1", "1.0"},
      {"1E+2", "1E+2"},
      {"1e0", "1"},
      {"1e+00005", "1E+5"},
      {"0e10", "0E+10"},
      {"0.00e3", "0E+1"},
      {"0e-6", "0.000000"},
      {"0e-7", "0E-7"},
      {"0.000001", "0.000001"},
      {"0.0000001", "1E-7"},
      {"12e-8", "1.2E-7"},
      {"1e400", "1E+400"},
      {"-1.7976931348623157e308", "-1.7976931348623157E+308"},
      {"123456789012345678901234567890.123456789e-5", "1234567890123456789012345.67890123456789"},
      {"nan", "NaN"},
      {"-NAN", "-NaN"},
      {"NaN00123", "NaN123"},
      {"NaN000", "NaN"},
      {"snan", "sNaN"},
      {"+inf", "Infinity"},
      {"-iNFinity", "-Infinity"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(rewritten(text), expected) << text;
}

TEST(Decimal, has_pythons_limits_of_the_exponent) {
  EXPECT_EQ(rewritten("9e999999999999999999"), "9E+999999999999999999");
  EXPECT_EQ(rewritten("0.001e1000000000000000002"), "1E+999999999999999999");
  EXPECT_EQ(rewritten("1e-1999999999999999997"), "1E-1999999999999999997");
  EXPECT_EQ(rewritten("0e-1999999999999999997"), "0E-1999999999999999997");
  for (const char* text :
       {"1e1000000000000000000", "10e999999999999999999", "0e1000000000000000000",
        "1e-1999999999999999998", "1.5e-1999999999999999997", "1e99999999999999999999999999",
        "1e-99999999999999999999999999", "0e99999999999999999999999999", "1e9223372036854775807",
        "1e9223372036854775808", "1e-9223372036854775808", "1e18446744073709551616"}) {
    EXPECT_EQ(rewritten(text), "Invalid decimal string") << text;
  }
}

TEST(Decimal, refuses_every_other_text) {
  for (const char* text :
       {"",     "a",       ".",    "-",     "+-1",   "--1",       "1e",   "1e+",  "1e+-5", ".e5",
        "E5",   "1.2.3",   "0x10", "1e5e5", "1 ",    " 1",        "1_0",  "1e 5", "1e5.5", "nan1.5",
        "nanx", "infinit", "in",   "s",     "snann", "infinity1", "sinf", "1d5",  "１",    "1,5"}) {
    Decimal value = decimal("7");
    EXPECT_STREQ(TextScalar<Decimal>::parse(text, value), "Invalid decimal string") << text;
    EXPECT_EQ(value, decimal("7"));
  }
  EXPECT_FALSE(Decimal::from_text(std::string_view("1\0", 2)));
}

TEST(Decimal, reads_a_JSON_number_as_python_does) {
  const std::pair<const char*, const char*> rows[] = {{"-0", "0"},      {"-0.0", "-0.0"},
                                                      {"1e5", "1E+5"},  {"1.50", "1.50"},
                                                      {"0E+1", "0E+1"}, {"1e-400", "1E-400"}};
  for (const auto& [text, expected] : rows) {
    Decimal value;
    EXPECT_EQ(TextScalar<Decimal>::parse_number(text, value), nullptr);
    EXPECT_EQ(value.text(), expected);
  }
}

TEST(Decimal, is_made_of_numbers) {
  EXPECT_EQ(Decimal().text(), "0");
  EXPECT_EQ(Decimal(-5).text(), "-5");
  EXPECT_EQ(Decimal(std::numeric_limits<std::uint64_t>::max()).text(), "18446744073709551615");
  EXPECT_EQ(Decimal(std::numeric_limits<std::int64_t>::min()).text(), "-9223372036854775808");
  EXPECT_EQ(Decimal::from_double(0.1).text(), "0.1");
  EXPECT_EQ(Decimal::from_double(1.0).text(), "1.0");
  EXPECT_EQ(Decimal::from_double(-0.0).text(), "-0.0");
  EXPECT_EQ(Decimal::from_double(1e16).text(), "1E+16");
  EXPECT_EQ(Decimal::from_double(5e-324).text(), "5E-324");
  EXPECT_EQ(Decimal::from_double(-std::numeric_limits<double>::infinity()).text(), "-Infinity");
  EXPECT_EQ(Decimal::from_double(std::nan("")).text(), "NaN");
  static_assert(!std::is_constructible_v<Decimal, double>,
                "a double has two decimals: the exact one and the shortest");
  static_assert(!std::is_constructible_v<Decimal, bool>);
}

TEST(Decimal, keeps_doubles) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 50'000; ++i) {
    const double value = std::bit_cast<double>(random.bits());
    const double read = Decimal::from_double(value).to_double();
    if (std::isnan(value)) {
      ASSERT_TRUE(std::isnan(read));
    } else {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(read), std::bit_cast<std::uint64_t>(value));
    }
  }
  EXPECT_EQ(decimal("1e400").to_double(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(decimal("-1e999999999999999999").to_double(), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::signbit(decimal("-NaN").to_double()));
}

TEST(Decimal, knows_what_it_is) {
  for (const char* text : {"0", "-1", "1E+9", "-0.5"})
    EXPECT_TRUE(decimal(text).is_finite()) << text;
  for (const char* text : {"inf", "-inf"}) EXPECT_TRUE(decimal(text).is_infinite()) << text;
  for (const char* text : {"nan", "-nan", "snan", "-snan5"})
    EXPECT_TRUE(decimal(text).is_nan()) << text;
}

// Each is below the next; those of one row are equal.
TEST(Decimal, is_ordered_by_value) {
  const std::vector<std::vector<const char*>> rows = {
      {"-Infinity"},
      {"-1e999999999999999999"},
      {"-100.5", "-1005e-1", "-100.500"},
      {"-100"},
      {"-1e-1999999999999999997"},
      {"0", "-0", "0.000", "0e999999999999999999", "-0e-50"},
      {"1e-1999999999999999997"},
      {"0.00099999999999999999999999999999999999"},
      {"0.001", "1e-3", "0.0010", "1000e-6"},
      {"1.0", "1", "1.00", "10e-1", "0.1e1"},
      {"1.00000000000000000000000000000000000000000000001"},
      {"9.99", "999e-2"},
      {"10", "1e1", "1E+1", "10.0"},
      {"100", "1e2"},
      {"1000000000000000000000000000000", "1e30"},
      {"9e999999999999999998"},
      {"1e999999999999999999"},
      {"Infinity"},
      {"NaN", "-NaN", "sNaN", "NaN5"},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows.size(); ++j) {
      for (const char* a : rows[i]) {
        for (const char* b : rows[j]) {
          ASSERT_TRUE((decimal(a) <=> decimal(b)) == (i <=> j)) << a << " and " << b;
          if (i == j) {
            ASSERT_EQ(std::hash<Decimal>()(decimal(a)), std::hash<Decimal>()(decimal(b)))
                << a << " and " << b;
          }
        }
      }
    }
  }
}

TEST(Decimal, compares_as_scaled_integers_do) {
  test::Random random(test::random_seed());
  const auto with_exponent = [](std::int64_t digits, int exponent) {
    return decimal(std::to_string(digits) + "e" + std::to_string(exponent));
  };
  const auto scaled = [](std::int64_t digits, int exponent) {
    for (int i = 0; i < exponent + 6; ++i) digits *= 10;
    return digits;
  };
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t a = random.between(-120, 120);
    const std::int64_t b = random.once_in(2) ? a * 10 : random.between(-2'000, 2'000);
    const int a_exponent = static_cast<int>(random.between(-6, 6));
    const int b_exponent = static_cast<int>(
        random.once_in(2) ? std::max<std::int64_t>(a_exponent - 1, -6) : random.between(-6, 6));
    const Decimal x = with_exponent(a, a_exponent);
    const Decimal y = with_exponent(b, b_exponent);
    ASSERT_TRUE((x <=> y) == (scaled(a, a_exponent) <=> scaled(b, b_exponent)))
        << x.text() << " and " << y.text();
    if (x == y) {
      ASSERT_EQ(std::hash<Decimal>()(x), std::hash<Decimal>()(y))
          << x.text() << " and " << y.text();
    }
  }
}

TEST(Decimal, has_a_normal_form_that_it_reads_unchanged) {
  test::Random random(test::random_seed());
  const auto digits = [&](std::uint64_t most) {
    std::string text;
    for (std::uint64_t count = random.below(most + 1); count > 0; --count) {
      text += static_cast<char>('0' + (random.once_in(3) ? 0 : random.below(10)));
    }
    return text;
  };
  for (int i = 0; i < 50'000; ++i) {
    std::string text = (random.once_in(2) ? "-" : "") + digits(12) + "0." + digits(12);
    if (random.once_in(2)) text += "e" + std::to_string(random.between(-30, 30));
    const std::string normal = rewritten(text);
    ASSERT_EQ(rewritten(normal), normal) << text;
    ASSERT_EQ(decimal(normal), decimal(text));
    ASSERT_EQ(decimal(normal).to_double(), std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(Decimal, takes_neither_time_nor_memory_for_large_exponents) {
  const Decimal small = decimal("1e-1999999999999999997");
  const Decimal large = decimal("1e999999999999999999");
  EXPECT_LT(small, large);
  EXPECT_NE(small, large);
  EXPECT_LT(small.text().size(), 32u);
  const std::string million(1'000'000, '9');
  EXPECT_EQ(decimal(million).text(), million);
  EXPECT_LT(decimal(million), decimal("1e1000000"));
  EXPECT_EQ(decimal(million + "e5"), decimal(million + "00000.000"));
  EXPECT_EQ(std::hash<Decimal>()(decimal(million + "e5")),
            std::hash<Decimal>()(decimal(million + "00000.000")));
}

TEST(Decimal, is_zero_after_it_was_moved_away) {
  Decimal value = decimal("5");
  const Decimal other = std::move(value);
  value = Decimal();
  EXPECT_EQ(value, decimal("0.0"));
  EXPECT_EQ(other, decimal("5.0"));
}

}  // namespace
}  // namespace structwire
