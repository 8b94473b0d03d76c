// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/datetime.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include <tests/support/random.hpp>

namespace structwire {
namespace {

using std::chrono::local_time;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_time;
using std::chrono::year;

constexpr char invalid[] = "Invalid RFC3339 encoded datetime";
constexpr char out_of_range[] = "Timestamp is out of range ";
constexpr char aware_expected[] = "Expected `datetime` with a timezone component";
constexpr char naive_expected[] = "Expected `datetime` with no timezone component";

template <class T>
std::string rewritten(std::string_view text) {
  T value{};
  const char* problem = TextScalar<T>::parse(text, value);
  return problem ? problem : text_of(value);
}

template <class T>
std::string from_number(auto number) {
  T value{};
  const char* problem = TextScalar<T>::from_number(number, value);
  return problem ? problem : text_of(value);
}

TEST(DateTime, keeps_its_offset) {
  const std::pair<const char*, const char*> rows[] = {
      {"2021-04-02T18:18:10", "2021-04-02T18:18:10"},
      {"2021-04-02t18:18:10z", "2021-04-02T18:18:10Z"},
      {"2021-04-02 18:18:10+0600", "2021-04-02T18:18:10+06:00"},
      {"2021-04-02T18:18:10-08:30", "2021-04-02T18:18:10-08:30"},
      {"2021-04-02T18:18:10-00:00", "2021-04-02T18:18:10Z"},
      {"2021-04-02T18:18:10.1", "2021-04-02T18:18:10.100000"},
      {"2021-04-02T18:18:10.1234564Z", "2021-04-02T18:18:10.123456Z"},
      {"2021-04-02T18:18:10.1234565Z", "2021-04-02T18:18:10.123457Z"},
      {"2021-04-02T18:18:10.99999949999Z", "2021-04-02T18:18:10.999999Z"},
      {"2021-12-31T23:59:59.9999999", "2022-01-01T00:00:00"},
      {"0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+23:59"},
      {"9999-12-31T23:59:59.999999-23:59", "9999-12-31T23:59:59.999999-23:59"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(rewritten<DateTime>(text), expected) << text;
}

TEST(DateTime, refuses_every_other_text) {
  for (const char* text : {"",
                           "ab",
                           "2021-04-02",
                           "2021-04-02T18:18",
                           "2021-02-29T00:00:00",
                           "0000-01-01T00:00:00",
                           "2021-04-02T24:00:00",
                           "2021-04-02T18:18:60Z",
                           "2021-04-02_18:18:10",
                           "2021-04-02T18:18:10.",
                           "2021-04-02T18:18:10.Z",
                           "2021-04-02T18:18:10,5",
                           "2021-04-02T18:18:10+06",
                           "2021-04-02T18:18:10+24:00",
                           "2021-04-02T18:18:10+23:60",
                           "2021-04-02T18:18:10+06:0",
                           "2021-04-02T18:18:10+06000",
                           "2021-04-02T18:18:10Zx",
                           "2021-04-02T18:18:10 ",
                           "2021-04-02T18:18:10.1234567x",
                           "9999-12-31T23:59:59.9999995Z",
                           "12021-04-02T18:18:10"}) {
    EXPECT_EQ(rewritten<DateTime>(text), invalid) << text;
  }
  EXPECT_EQ(rewritten<DateTime>(std::string_view("2021-04-02T18:18:10\0", 20)), invalid);
}

TEST(DateTime, is_refused_when_it_is_cut_off_anywhere) {
  const std::string whole = "2021-04-02T18:18:10.123456+05:30";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string text = whole.substr(0, size);
    // As long as the fraction, a shorter text is another datetime; so is +05:3 no offset.
    const bool complete = size == 19 || (size > 20 && size <= 26);
    EXPECT_EQ(rewritten<DateTime>(text) != invalid, complete) << text;
  }
}

TEST(DateTime, reads_back_what_it_writes_and_agrees_with_chrono) {
  test::Random random(test::random_seed());
  const std::int64_t first = microseconds(sys_days(year(1) / 1 / 1).time_since_epoch()).count();
  const std::int64_t last = microseconds(sys_days(year(9999) / 12 / 31).time_since_epoch()).count();
  for (int i = 0; i < 200'000; ++i) {
    DateTime value{local_time<microseconds>(microseconds(random.between(first, last))),
                   std::nullopt};
    if (random.once_in(3)) value.local -= value.local.time_since_epoch() % seconds(1);
    if (random.once_in(2)) value.offset = minutes(random.between(-1439, 1439));
    const std::string text = text_of(value);
    ASSERT_LE(text.size(), TextScalar<DateTime>::text_bound(value));

    const auto days = std::chrono::floor<std::chrono::days>(value.local);
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss clock(value.local - days);
    char expected[64];
    std::snprintf(expected, sizeof expected, "%04d-%02u-%02uT%02d:%02d:%02d",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    ASSERT_TRUE(text.starts_with(expected)) << text << " " << expected;

    DateTime read;
    ASSERT_EQ(TextScalar<DateTime>::parse(text, read), nullptr) << text;
    ASSERT_EQ(read.local, value.local) << text;
    ASSERT_EQ(read.offset, value.offset) << text;
    ASSERT_EQ(read, value);
  }
}

TEST(DateTime, compares_by_instant_when_both_have_an_offset) {
  DateTime utc, paris, naive;
  ASSERT_EQ(TextScalar<DateTime>::parse("2021-04-02T12:00:00Z", utc), nullptr);
  ASSERT_EQ(TextScalar<DateTime>::parse("2021-04-02T13:00:00+01:00", paris), nullptr);
  ASSERT_EQ(TextScalar<DateTime>::parse("2021-04-02T12:00:00", naive), nullptr);
  EXPECT_EQ(utc, paris);
  EXPECT_EQ(std::hash<DateTime>()(utc), std::hash<DateTime>()(paris));
  EXPECT_NE(text_of(utc), text_of(paris));
  EXPECT_NE(utc, naive);
  EXPECT_LT(naive, utc);
  EXPECT_TRUE(utc.is_aware());
  EXPECT_FALSE(naive.is_aware());
  EXPECT_EQ(DateTime::at(paris.utc()), utc);
  EXPECT_LT(utc, DateTime::at(utc.utc() + microseconds(1)));
}

TEST(DateTime, with_an_offset_of_a_day_or_more_is_written_in_utc) {
  const DateTime value{local_time<microseconds>(std::chrono::hours(48)), std::chrono::hours(24)};
  EXPECT_EQ(text_of(value), "1970-01-02T00:00:00Z");
  const DateTime extreme{local_time<microseconds>(microseconds::min()), minutes::max()};
  EXPECT_EQ(extreme.utc().time_since_epoch(), microseconds::min());
  EXPECT_LE(text_of(extreme).size(), TextScalar<DateTime>::text_bound(extreme));
}

TEST(SysTime, is_read_from_any_offset_and_written_with_Z) {
  EXPECT_EQ(rewritten<sys_time<microseconds>>("2021-04-02T18:18:10.5+05:30"),
            "2021-04-02T12:48:10.500000Z");
  EXPECT_EQ(rewritten<sys_time<seconds>>("2021-04-02T18:18:10-0030"), "2021-04-02T18:48:10Z");
  EXPECT_EQ(rewritten<sys_time<microseconds>>("2021-04-02T18:18:10"), aware_expected);
  EXPECT_EQ(rewritten<sys_time<microseconds>>("2021-04-02T18:18"), invalid);
  EXPECT_EQ(rewritten<sys_time<microseconds>>("0001-01-01T00:00:00+00:01"), out_of_range);
  EXPECT_EQ(rewritten<sys_time<microseconds>>("9999-12-31T23:59:59-00:01"), out_of_range);
}

TEST(LocalTime, has_no_offset) {
  EXPECT_EQ(rewritten<local_time<microseconds>>("2021-04-02T18:18:10.5"),
            "2021-04-02T18:18:10.500000");
  EXPECT_EQ(rewritten<local_time<microseconds>>("2021-04-02T18:18:10Z"), naive_expected);
  EXPECT_EQ(rewritten<local_time<microseconds>>("2021-04-02T18:18:10+01:00"), naive_expected);
}

TEST(SysTime, rounds_half_up_to_its_own_precision) {
  constexpr char text[] = "2021-04-02T18:18:10.1234565005Z";
  EXPECT_EQ(rewritten<sys_time<seconds>>(text), "2021-04-02T18:18:10Z");
  EXPECT_EQ(rewritten<sys_time<seconds>>("2021-04-02T18:18:10.5Z"), "2021-04-02T18:18:11Z");
  EXPECT_EQ(rewritten<sys_time<milliseconds>>(text), "2021-04-02T18:18:10.123000Z");
  EXPECT_EQ(rewritten<sys_time<milliseconds>>("2021-04-02T18:18:10.9995Z"), "2021-04-02T18:18:11Z");
  EXPECT_EQ(rewritten<sys_time<microseconds>>(text), "2021-04-02T18:18:10.123457Z");
  EXPECT_EQ(rewritten<sys_time<nanoseconds>>(text), "2021-04-02T18:18:10.123456501Z");
  EXPECT_EQ(rewritten<sys_time<nanoseconds>>("2021-04-02T18:18:10.9999999995Z"),
            "2021-04-02T18:18:11Z");
  EXPECT_EQ(rewritten<sys_time<nanoseconds>>("2021-04-02T18:18:10.99999999949Z"),
            "2021-04-02T18:18:10.999999999Z");
  using Tenths = sys_time<std::chrono::duration<std::int32_t, std::deci>>;
  EXPECT_EQ(rewritten<Tenths>("1972-04-02T18:18:10.25Z"), "1972-04-02T18:18:10.300000Z");
  EXPECT_EQ(rewritten<Tenths>("2021-04-02T18:18:10Z"), out_of_range);
}

TEST(SysTime, of_nanoseconds_reads_up_to_both_ends_of_64_bits) {
  using Instant = sys_time<nanoseconds>;
  for (const Instant end : {Instant::min(), Instant::max()}) {
    Instant read{};
    EXPECT_EQ(TextScalar<Instant>::parse(text_of(end), read), nullptr) << text_of(end);
    EXPECT_EQ(read, end);
  }
  EXPECT_EQ(text_of(Instant::max()), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(text_of(Instant::min()), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(rewritten<Instant>("2262-04-11T23:47:16.854775808Z"), out_of_range);
  EXPECT_EQ(rewritten<Instant>("1677-09-21T00:12:43.145224191Z"), out_of_range);
}

TEST(SysTime, writes_what_no_year_of_four_digits_holds_inside_its_bound) {
  for (const auto instant : {sys_time<seconds>::min(), sys_time<seconds>::max()}) {
    EXPECT_LE(text_of(instant).size(), TextScalar<sys_time<seconds>>::text_bound(instant));
    EXPECT_EQ(rewritten<sys_time<seconds>>(text_of(instant)), invalid);
  }
  EXPECT_EQ(text_of(sys_time<seconds>::max()), "+292277026596-12-04T15:30:07Z");
  EXPECT_EQ(text_of(sys_time<seconds>(sys_days(year(0) / 1 / 1))), "0000-01-01T00:00:00Z");
  EXPECT_EQ(text_of(sys_time<seconds>(sys_days(year(-1) / 12 / 31))), "-0001-12-31T00:00:00Z");
  EXPECT_EQ(text_of(sys_time<seconds>(sys_days(year(10'000) / 1 / 1))), "+10000-01-01T00:00:00Z");
}

TEST(SysTime, agrees_with_DateTime_on_every_instant) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 100'000; ++i) {
    DateTime value{local_time<microseconds>(microseconds(
                       random.between(-62'000'000'000'000'000, 253'000'000'000'000'000))),
                   minutes(random.between(-1439, 1439))};
    sys_time<microseconds> instant{};
    ASSERT_EQ(TextScalar<sys_time<microseconds>>::parse(text_of(value), instant), nullptr);
    ASSERT_EQ(instant, value.utc());
    std::int64_t whole = 0;
    std::uint32_t nanos = 0;
    ASSERT_TRUE(TextScalar<DateTime>::to_epoch(value, whole, nanos));
    ASSERT_LT(nanos, 1'000'000'000u);
    ASSERT_EQ(whole * 1'000'000 + nanos / 1000, instant.time_since_epoch().count());
    DateTime read;
    ASSERT_EQ(TextScalar<DateTime>::from_epoch(whole, nanos, read), nullptr);
    ASSERT_EQ(read, value);
    ASSERT_EQ(read.offset, minutes(0));
  }
}

TEST(DateTime, is_made_of_epoch_seconds) {
  EXPECT_EQ(from_number<DateTime>(std::int64_t{300}), "1970-01-01T00:05:00Z");
  EXPECT_EQ(from_number<DateTime>(std::int64_t{-1}), "1969-12-31T23:59:59Z");
  EXPECT_EQ(from_number<DateTime>(-1.5), "1969-12-31T23:59:58.500000Z");
  EXPECT_EQ(from_number<DateTime>(1.5e-6), "1970-01-01T00:00:00.000002Z");
  EXPECT_EQ(from_number<DateTime>(-1.5e-6), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(from_number<DateTime>(3.0004765), "1970-01-01T00:00:03.000476Z")
      << "cut off behind the nanosecond";
  EXPECT_EQ(from_number<DateTime>(std::int64_t{253'402'300'799}), "9999-12-31T23:59:59Z");
  EXPECT_EQ(from_number<DateTime>(std::int64_t{-62'135'596'800}), "0001-01-01T00:00:00Z");
  for (const std::int64_t number :
       {std::int64_t{253'402'300'800}, std::int64_t{-62'135'596'801},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(from_number<DateTime>(number), out_of_range);
    EXPECT_EQ(from_number<DateTime>(static_cast<double>(number)), out_of_range);
  }
  EXPECT_EQ(from_number<DateTime>(1e300), out_of_range);
  for (const double number : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(from_number<DateTime>(number), "Invalid epoch timestamp");
    EXPECT_EQ(from_number<local_time<seconds>>(number), "Invalid epoch timestamp");
  }
  EXPECT_EQ(from_number<sys_time<seconds>>(1.5), "1970-01-01T00:00:02Z");
  EXPECT_EQ(from_number<sys_time<nanoseconds>>(1.25), "1970-01-01T00:00:01.250000Z");
  EXPECT_EQ(from_number<sys_time<nanoseconds>>(std::int64_t{9'223'372'037}), out_of_range);
  EXPECT_EQ(from_number<local_time<seconds>>(std::int64_t{1}), naive_expected);
  EXPECT_EQ(from_number<local_time<seconds>>(1.5), naive_expected);
  EXPECT_EQ(from_number<local_time<seconds>>(1e300), out_of_range);
}

TEST(DateTime, rounds_the_nanoseconds_of_a_timestamp) {
  const auto rounded = [](std::int64_t whole, std::uint32_t nanos) {
    DateTime value;
    const char* problem = TextScalar<DateTime>::from_epoch(whole, nanos, value);
    return problem ? std::string(problem) : text_of(value);
  };
  EXPECT_EQ(rounded(0, 999'999'499), "1970-01-01T00:00:00.999999Z");
  EXPECT_EQ(rounded(0, 999'999'500), "1970-01-01T00:00:01Z");
  EXPECT_EQ(rounded(-1, 500), "1969-12-31T23:59:59.000001Z");
  EXPECT_EQ(rounded(253'402'300'799, 999'999'999), out_of_range);
  EXPECT_EQ(rounded(-62'135'596'801, 999'999'999), out_of_range);
  std::int64_t whole = 0;
  std::uint32_t nanos = 0;
  EXPECT_FALSE(TextScalar<DateTime>::to_epoch(DateTime(), whole, nanos));
  EXPECT_FALSE(TextScalar<local_time<seconds>>::to_epoch({}, whole, nanos));
  EXPECT_TRUE(TextScalar<sys_time<nanoseconds>>::to_epoch(sys_time<nanoseconds>(nanoseconds(-1)),
                                                          whole, nanos));
  EXPECT_EQ(whole, -1);
  EXPECT_EQ(nanos, 999'999'999u);
}

}  // namespace
}  // namespace structwire
