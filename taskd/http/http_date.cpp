// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/http_date.hpp>

#include <array>
#include <chrono>
#include <string_view>

namespace structwire::taskd::http {
namespace {

constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_two(std::string& text, std::int64_t number) {
  text.push_back(static_cast<char>('0' + number / 10 % 10));
  text.push_back(static_cast<char>('0' + number % 10));
}

}  // namespace

std::string http_date(std::int64_t unix_seconds) {
  using namespace std::chrono;
  const sys_seconds time{seconds(unix_seconds)};
  const sys_days day = floor<std::chrono::days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};

  std::string text{taskd::http::days[weekday(day).c_encoding()]};
  text.append(", ");
  append_two(text, static_cast<unsigned>(date.day()));
  text.append(" ").append(taskd::http::months[static_cast<unsigned>(date.month()) - 1]).append(" ");
  append_two(text, static_cast<int>(date.year()) / 100);
  append_two(text, static_cast<int>(date.year()) % 100);
  text.append(" ");
  append_two(text, clock.hours().count());
  text.append(":");
  append_two(text, clock.minutes().count());
  text.append(":");
  append_two(text, clock.seconds().count());
  return text.append(" GMT");
}

std::int64_t unix_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace structwire::taskd::http
