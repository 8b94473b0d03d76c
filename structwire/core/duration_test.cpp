// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/duration.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include <tests/support/random.hpp>

namespace structwire {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr char invalid[] = "Invalid ISO8601 duration";
constexpr char out_of_range[] = "Duration is out of range";
constexpr char unsupported[] =
    "Only units 'D', 'H', 'M', and 'S' are supported when parsing ISO8601 durations";

template <class T = microseconds>
std::string rewritten(std::string_view text) {
  T value{};
  const char* problem = TextScalar<T>::parse(text, value);
  return problem ? problem : text_of(value);
}

template <class T = microseconds>
std::string from_number(auto number) {
  T value{};
  const char* problem = TextScalar<T>::from_number(number, value);
  return problem ? problem : text_of(value);
}

TEST(Duration, is_written_in_days_and_seconds) {
  EXPECT_EQ(text_of(seconds(0)), "P0D");
  EXPECT_EQ(text_of(seconds(90)), "PT90S");
  EXPECT_EQ(text_of(minutes(-90)), "-PT5400S");
  EXPECT_EQ(text_of(hours(25)), "P1DT3600S");
  EXPECT_EQ(text_of(days(-3)), "-P3D");
  EXPECT_EQ(text_of(milliseconds(1'500)), "PT1.5S");
  EXPECT_EQ(text_of(microseconds(1)), "PT0.000001S");
  EXPECT_EQ(text_of(nanoseconds(-1)), "-PT0.000000001S");
  EXPECT_EQ(text_of(nanoseconds(86'400'000'000'001)), "P1DT0.000000001S");
  EXPECT_EQ(text_of(std::chrono::duration<std::uint8_t, std::deci>(std::uint8_t{25})), "PT2.5S");
}

TEST(Duration, is_read_in_days_hours_minutes_and_seconds) {
  const std::pair<const char*, const char*> rows[] = {
      {"P0D", "P0D"},
      {"-P0D", "P0D"},
      {"p1dt1h", "P1DT3600S"},
      {"+P1D", "P1D"},
      {"-P1DT2H3M4.5S", "-P1DT7384.5S"},
      {"PT3600M", "P2DT43200S"},
      {"PT1.5H", "PT5400S"},
      {"PT0.5M", "PT30S"},
      {"P1.5D", "P1DT43200S"},
      {"PT0.0000005S", "PT0.000001S"},
      {"-PT0.0000005S", "-PT0.000001S"},
      {"PT0.00000049999999S", "P0D"},
      {"PT1.999999999999999999999S", "PT2S"},
      {"P0.00000000001D", "PT0.000001S"},
      {"P0.000000000001D", "P0D"},
      {"P00000000000000000000000001D", "P1D"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(rewritten(text), expected) << text;
}

TEST(Duration, refuses_every_other_text) {
  for (const char* text :
       {"",       "P",     "-",        "+",      "PT",       "P1",       "P1DT",  "P1H",
        "PT1D",   "P1D1D", "P1DT1M1H", "PT1H1H", "P1.5DT1S", "PT1.5H1S", "PT.5S", "PT1.S",
        "PT1,5S", "P-1D",  "--P1D",    "PT1X",   "PX",       "P1Dx",     "P 1D",  "PT1H ",
        "PTT1S",  "P1T",   "P1e5D",    "PT1S1",  "1",        "T1S"}) {
    EXPECT_EQ(rewritten(text), invalid) << text;
  }
  EXPECT_EQ(rewritten(std::string_view("P1D\0", 4)), invalid);
}

TEST(Duration, has_no_years_months_and_weeks) {
  for (const char* text :
       {"P1Y", "P1M", "P1W", "P1.5W", "PT1Y", "PT1w", "P1D2W", "P1M1D", "PT1S1Y"}) {
    EXPECT_EQ(rewritten(text), unsupported) << text;
  }
}

TEST(Duration, ends_where_its_type_ends) {
  EXPECT_EQ(rewritten("PT9223372036854.775807S"), "P106751991DT14454.775807S");
  EXPECT_EQ(rewritten("PT9223372036854.775808S"), out_of_range);
  EXPECT_EQ(rewritten("-PT9223372036854.775808S"), "-P106751991DT14454.775808S");
  EXPECT_EQ(rewritten("-PT9223372036854.775809S"), out_of_range);
  EXPECT_EQ(rewritten<nanoseconds>("PT9223372036.854775808S"), out_of_range);
  using Short = std::chrono::duration<std::int8_t>;
  EXPECT_EQ(rewritten<Short>("PT127S"), "PT127S");
  EXPECT_EQ(rewritten<Short>("-PT128S"), "-PT128S");
  EXPECT_EQ(rewritten<Short>("PT127.5S"), out_of_range);
  using Unsigned = std::chrono::duration<std::uint32_t, std::milli>;
  EXPECT_EQ(rewritten<Unsigned>("PT1.5S"), "PT1.5S");
  EXPECT_EQ(rewritten<Unsigned>("-PT0.0001S"), "P0D");
  EXPECT_EQ(rewritten<Unsigned>("-PT0.001S"), out_of_range);
}

TEST(Duration, has_pythons_range) {
  EXPECT_EQ(rewritten<milliseconds>("P999999999DT86399.999S"), "P999999999DT86399.999S");
  EXPECT_EQ(rewritten<milliseconds>("P999999999DT86399.9995S"), out_of_range);
  EXPECT_EQ(rewritten<milliseconds>("-P999999999D"), "-P999999999D");
  EXPECT_EQ(rewritten<milliseconds>("-P999999999DT0.001S"), out_of_range);
  EXPECT_EQ(rewritten<milliseconds>("-P999999999DT0.0001S"), "-P999999999D");
  for (const char* text :
       {"P1000000000D", "PT86400000000000S", "P999999999DT24H", "P140737488355329D",
        "P99999999999999999999999D", "PT99999999999999999999S", "P99999999999999999999X"}) {
    EXPECT_EQ(rewritten<seconds>(text), out_of_range) << text;
    EXPECT_EQ(rewritten<hours>(text), out_of_range) << text;
    EXPECT_EQ(rewritten<nanoseconds>(text), out_of_range) << text;
  }
}

TEST(Duration, goes_to_the_nearest_tick) {
  EXPECT_EQ(rewritten<hours>("PT90M"), "PT7200S");
  EXPECT_EQ(rewritten<hours>("-PT89M59.9S"), "-PT3600S");
  EXPECT_EQ(rewritten<days>("PT12H"), "P1D");
  EXPECT_EQ(rewritten<seconds>("PT0.49999999999S"), "P0D");
  EXPECT_EQ(rewritten<nanoseconds>("PT0.0000000015S"), "PT0.000000002S");
  using Hundred = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
  EXPECT_EQ(rewritten<Hundred>("PT0.00000015S"), "PT0.0000002S");
  using Quarter = std::chrono::duration<int, std::ratio<1, 4>>;
  EXPECT_EQ(rewritten<Quarter>("PT0.3S"), "PT0.25S");
}

TEST(Duration, is_made_of_seconds) {
  EXPECT_EQ(from_number(std::int64_t{123}), "PT123S");
  EXPECT_EQ(from_number(std::int64_t{-90'000}), "-P1DT3600S");
  EXPECT_EQ(from_number(-123.4), "-PT123.4S");
  EXPECT_EQ(from_number(0.0000004), "P0D");
  EXPECT_EQ(from_number(-0.0000005), "-PT0.000001S");
  EXPECT_EQ(from_number(-0.0), "P0D");
  EXPECT_EQ(from_number<hours>(5400.0), "PT7200S");
  EXPECT_EQ(from_number<seconds>(0.9999999999999), "PT1S");
  EXPECT_EQ(from_number<seconds>(std::int64_t{86'399'999'999'999}), "P999999999DT86399S");
  EXPECT_EQ(from_number<seconds>(std::int64_t{-86'399'999'913'601}), out_of_range);
  for (const double number :
       {std::nan(""), std::numeric_limits<double>::infinity(), -1e300, 86'400'000'000'000.0}) {
    EXPECT_EQ(from_number<seconds>(number), out_of_range);
  }
  EXPECT_EQ(from_number<seconds>(std::numeric_limits<std::int64_t>::min()), out_of_range);
  EXPECT_EQ(from_number<seconds>(std::numeric_limits<std::int64_t>::max()), out_of_range);
}

template <class T>
void reads_back_what_it_writes(test::Random& random) {
  for (int i = 0; i < 30'000; ++i) {
    const std::uint64_t bits = random.bits() >> random.below(64);
    const T value(static_cast<typename T::rep>(random.once_in(2) ? bits : 0 - bits));
    const std::string text = text_of(value);
    ASSERT_LE(text.size(), TextScalar<T>::text_bound(value));
    T read{};
    const char* problem = TextScalar<T>::parse(text, read);
    constexpr auto python_days = 999'999'999.0;
    const double in_days =
        static_cast<double>(value.count()) * T::period::num / T::period::den / 86'400;
    if (problem) {
      ASSERT_GE(std::fabs(in_days), python_days) << text << " " << problem;
    } else {
      ASSERT_EQ(read, value) << text;
    }
  }
}

TEST(Duration, reads_back_what_it_writes_in_every_period) {
  test::Random random(test::random_seed());
  reads_back_what_it_writes<nanoseconds>(random);
  reads_back_what_it_writes<microseconds>(random);
  reads_back_what_it_writes<milliseconds>(random);
  reads_back_what_it_writes<seconds>(random);
  reads_back_what_it_writes<minutes>(random);
  reads_back_what_it_writes<hours>(random);
  reads_back_what_it_writes<days>(random);
  reads_back_what_it_writes<std::chrono::duration<std::uint64_t, std::micro>>(random);
  reads_back_what_it_writes<std::chrono::duration<std::int16_t, std::deci>>(random);
}

TEST(Duration, writes_the_ends_of_every_type_inside_its_bound) {
  EXPECT_EQ(text_of(nanoseconds::min()), "-P106751DT85636.854775808S");
  EXPECT_EQ(text_of(seconds::min()), "-P106751991167300DT55808S");
  using LongDays = std::chrono::duration<std::uint64_t, std::ratio<86'400>>;
  EXPECT_EQ(text_of(LongDays::max()), "P18446744073709551615D");
  EXPECT_LE(text_of(LongDays::max()).size(), TextScalar<LongDays>::text_bound({}));
}

static_assert(!TextScalarType<std::chrono::duration<double>>);
static_assert(!TextScalarType<std::chrono::weeks>);
static_assert(!TextScalarType<std::chrono::duration<int, std::ratio<1, 3>>>);
static_assert(TextScalarType<std::chrono::microseconds>);

}  // namespace
}  // namespace structwire
