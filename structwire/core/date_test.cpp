// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/date.hpp>

#include <gtest/gtest.h>

#include <string>

namespace structwire {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;
using DateScalar = TextScalar<year_month_day>;

TEST(Date, reads_back_every_day_of_the_calendar) {
  const sys_days last = year(9999) / 12 / 31;
  std::string before;
  for (sys_days at = year(1) / 1 / 1; at <= last; at += std::chrono::days(1)) {
    const year_month_day date(at);
    const std::string text = text_of(date);
    ASSERT_EQ(text.size(), 10u);
    ASSERT_LT(before, text) << "texts are ordered as the days are";
    year_month_day read{};
    ASSERT_EQ(DateScalar::parse(text, read), nullptr) << text;
    ASSERT_EQ(read, date);
    before = text;
  }
  EXPECT_EQ(before, "9999-12-31");
}

TEST(Date, knows_the_length_of_each_month) {
  for (int y : {1, 4, 100, 400, 1900, 2000, 2023, 2024, 2100, 9999}) {
    for (unsigned m = 0; m <= 13; ++m) {
      for (unsigned d = 0; d <= 32; ++d) {
        const year_month_day date = year(y) / month(m) / day(d);
        year_month_day read{};
        ASSERT_EQ(DateScalar::parse(text_of(date), read) == nullptr, date.ok()) << text_of(date);
      }
    }
  }
}

TEST(Date, refuses_every_other_text) {
  for (std::string_view text :
       {"", "a", "0000-01-01", "2021-02-29", "2021-2-3", "20210402", "2021/04/02", "2021-04-0",
        "2021-04-021", "2021-04-02T", "2021-04-02Z", " 2021-04-02", "+021-04-02", "-001-01-01",
        "2021-W01-1"}) {
    year_month_day date = year(2000) / 1 / 1;
    EXPECT_STREQ(DateScalar::parse(text, date), "Invalid RFC3339 encoded date") << text;
    EXPECT_EQ(date, year(2000) / 1 / 1);
  }
  year_month_day date{};
  EXPECT_NE(DateScalar::parse(std::string_view("2021-04-02\0", 11), date), nullptr);
}

TEST(Date, writes_what_it_will_not_read_inside_its_bound) {
  for (const auto& [date, text] :
       {std::pair{year_month_day{}, "0000-00-00"},
        {year_month_day(year(-1) / 2 / 3), "-0001-02-03"},
        {year_month_day(year(10'000) / 2 / 3), "+10000-02-03"},
        {year_month_day(year(-32'767) / month(255) / day(255)), "-32767-99-99"}}) {
    EXPECT_EQ(text_of(date), text);
    EXPECT_LE(text_of(date).size(), DateScalar::text_bound(date));
    year_month_day read{};
    EXPECT_NE(DateScalar::parse(text, read), nullptr);
  }
}

}  // namespace
}  // namespace structwire
