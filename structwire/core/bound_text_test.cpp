// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/bound_text.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include <structwire/core/annotated.hpp>
#include <structwire/core/check.hpp>
#include <structwire/core/decimal.hpp>
#include <structwire/core/time.hpp>
#include <structwire/core/uuid.hpp>

namespace structwire::check {
namespace {

// What parses, passes here, and nothing else.
template <class T>
void expect_agreement(const std::vector<std::string_view>& texts) {
  std::size_t good = 0;
  for (const std::string_view text : texts) {
    T value{};
    const bool parses = TextScalar<T>::parse(text, value) == nullptr;
    EXPECT_EQ(is_bound_text<T>(text), parses) << text;
    good += parses;
  }
  EXPECT_GT(good, 0u);
  EXPECT_LT(good, texts.size());
}

TEST(BoundText, of_decimals_is_what_decimals_parse) {
  expect_agreement<Decimal>({"0",    "-1.50", "+.5",  "5.",      "1e5",   "1E+5",    "1e",        ".",     "",  "abc",
                             "1..2", "1 ",    "inf",  "-INFINITY", "nan", "sNaN12", "infinit", "nan1x", "0x1", "--1",
                             "1e-",  "e5",    "1_000", "1.e5",   "s",     "snan"});
}

TEST(BoundText, of_dates_is_what_dates_parse) {
  expect_agreement<std::chrono::year_month_day>({"2020-01-31", "2020-02-29", "2021-02-29", "1900-02-29", "2000-02-29",
                                                 "0000-01-01", "0001-01-01", "2020-13-01", "2020-00-10", "2020-04-31",
                                                 "2020-4-3", "20200403", "2020-04-03T", "", "2020-04-0a", "9999-12-31"});
}

const std::vector<std::string_view> datetimes{
    "2020-01-31T10:20:30Z", "2020-01-31 10:20:30", "2020-01-31t10:20:30.5z", "2020-01-31T10:20:30.",
    "2020-01-31T24:00:00Z", "2020-01-31T23:59:60Z", "2020-01-31T10:20:30+01:00", "2020-01-31T10:20:30-0130",
    "2020-01-31T10:20:30+24:00", "2020-01-31T10:20:30+01", "2020-01-31T10:20", "2020-01-31", "2020-01-31T10:20:30Zx",
    "2020-02-31T10:20:30Z", "", "2020-01-31T10:20:30.123456789123", "2020-01-31_10:20:30"};

TEST(BoundText, of_datetimes_is_what_datetimes_parse) {
  expect_agreement<DateTime>(datetimes);
  expect_agreement<std::chrono::sys_time<std::chrono::milliseconds>>(datetimes);
  expect_agreement<std::chrono::local_time<std::chrono::microseconds>>(datetimes);
}

TEST(BoundText, of_times_durations_and_uuids_is_what_these_parse) {
  expect_agreement<TimeOfDay>({"10:20:30", "10:20:30.25Z", "10:20", "24:00:00", "10:20:30+01:00", "10:60:00", "1:2:3", ""});
  expect_agreement<std::chrono::milliseconds>({"P1D", "-PT1.5S", "+pt3m", "P1DT2H3M4S", "PT4S3M", "P", "PT", "P1DT", "P1M",
                                               "P1W", "P1Y", "1D", "PT1.5H", "PT1.5H2M", "PT1.S", "PTS", "P1H", "PT1D", "",
                                               "P1.5D", "PT2H2H", "P1D2D", "PTT1S", "P1DT2ST3S"});
  expect_agreement<Uuid>({"c4524ac0-e81e-4aa8-a595-0aec605a659a", "C4524AC0E81E4AA8A5950AEC605A659A",
                          "c4524ac0e-81e-4aa8-a595-0aec605a659a", "c4524ac0-e81e-4aa8-a595-0aec605a659g",
                          "c4524ac0-e81e-4aa8-a595-0aec605a659", ""});
}

// Readable, but no value of the type: nothing keeps the rule, and nothing ends the program.
TEST(BoundText, beyond_the_range_of_the_type_is_a_bound_that_no_value_keeps) {
  using Nanoseconds = std::chrono::sys_time<std::chrono::nanoseconds>;
  std::string said;
  const auto broken = [&](std::string condition) {
    said = std::move(condition);
    return false;
  };
  EXPECT_FALSE((rules<RuleList<le("9999-01-01T00:00:00Z")>>(Nanoseconds{}, broken, broken)));
  EXPECT_EQ(said, "`datetime` <= 9999-01-01T00:00:00Z");
  EXPECT_TRUE((rules<RuleList<le("2200-01-01T00:00:00Z")>>(Nanoseconds{}, broken, broken)));
}

}  // namespace
}  // namespace structwire::check
