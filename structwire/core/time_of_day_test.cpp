// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/time_of_day.hpp>

#include <gtest/gtest.h>

#include <string>

#include <tests/support/random.hpp>

namespace structwire {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using TimeScalar = TextScalar<TimeOfDay>;

std::string rewritten(std::string_view text) {
  TimeOfDay time;
  const char* problem = TimeScalar::parse(text, time);
  return problem ? problem : text_of(time);
}

TEST(TimeOfDay, is_written_in_one_form) {
  const std::pair<const char*, const char*> rows[] = {
      {"18:18:10", "18:18:10"},
      {"18:18:10Z", "18:18:10Z"},
      {"18:18:10z", "18:18:10Z"},
      {"18:18:10+00:00", "18:18:10Z"},
      {"18:18:10-00:00", "18:18:10Z"},
      {"18:18:10+0530", "18:18:10+05:30"},
      {"18:18:10-08:30", "18:18:10-08:30"},
      {"18:18:10.1", "18:18:10.100000"},
      {"18:18:10.000001", "18:18:10.000001"},
      {"18:18:10.1234564999", "18:18:10.123456"},
      {"18:18:10.1234565", "18:18:10.123457"},
      {"23:59:59.9999995+23:59", "00:00:00+23:59"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(rewritten(text), expected) << text;
}

TEST(TimeOfDay, refuses_every_other_text) {
  for (const char* text :
       {"", "ab", "18:18", "24:00:00", "23:60:00", "18:18:60", "18:18:10.", "18:18:10.Z",
        "18:18:10,5", "18:18:10+06", "18:18:10+24:00", "18:18:10+23:60", "18:18:10+06:0",
        "18:18:10+06:000", "18:18:10ZZ", "18:18:10 ", "T18:18:10", "1:18:10", "18:18:1"}) {
    EXPECT_EQ(rewritten(text), "Invalid RFC3339 encoded time") << text;
  }
  EXPECT_EQ(rewritten(std::string_view("18:18:10\0", 9)), "Invalid RFC3339 encoded time");
}

TEST(TimeOfDay, reads_back_what_it_writes) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 100'000; ++i) {
    TimeOfDay time{microseconds(random.between(0, 86'399'999'999)), std::nullopt};
    if (random.once_in(3)) time.since_midnight -= time.since_midnight % std::chrono::seconds(1);
    if (random.once_in(2)) time.offset = minutes(random.between(-1439, 1439));
    const std::string text = text_of(time);
    ASSERT_LE(text.size(), TimeScalar::text_bound(time));
    TimeOfDay read;
    ASSERT_EQ(TimeScalar::parse(text, read), nullptr) << text;
    ASSERT_EQ(read.since_midnight, time.since_midnight) << text;
    ASSERT_EQ(read.offset, time.offset) << text;
  }
}

TEST(TimeOfDay, compares_in_utc_when_both_have_an_offset) {
  const TimeOfDay noon{hours(12), {}};
  const TimeOfDay noon_utc{hours(12), minutes(0)};
  const TimeOfDay one_in_paris{hours(13), minutes(60)};
  EXPECT_EQ(noon_utc, one_in_paris);
  EXPECT_EQ(std::hash<TimeOfDay>()(noon_utc), std::hash<TimeOfDay>()(one_in_paris));
  EXPECT_NE(noon, noon_utc);
  EXPECT_LT(noon, noon_utc);
  EXPECT_LT(noon_utc, (TimeOfDay{hours(13), minutes(0)}));
  // No wrapping at midnight: 23:30 the day before is not 23:30.
  EXPECT_NE((TimeOfDay{minutes(30), minutes(60)}),
            (TimeOfDay{hours(23) + minutes(30), minutes(0)}));
}

TEST(TimeOfDay, is_written_wrapped_into_a_day) {
  EXPECT_EQ(text_of(TimeOfDay{hours(25), {}}), "01:00:00");
  EXPECT_EQ(text_of(TimeOfDay{microseconds(-1), {}}), "23:59:59.999999");
  EXPECT_EQ(text_of(TimeOfDay{microseconds::min(), minutes::max()}).size(), 21u);
  EXPECT_EQ(text_of(TimeOfDay{hours(1), hours(25)}), "01:00:00+01:00");
}

}  // namespace
}  // namespace structwire
