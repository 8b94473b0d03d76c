// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/date.hpp>

#include <algorithm>

#include <structwire/core/time_text.hpp>

namespace structwire {

using std::chrono::year_month_day;

char* TextScalar<year_month_day>::write(char* out, const year_month_day& date) noexcept {
  // A month and a day of std::chrono may be up to 255.
  return time_text::write_date(
      out, {static_cast<int>(date.year()), std::min(99u, static_cast<unsigned>(date.month())),
            std::min(99u, static_cast<unsigned>(date.day()))});
}

const char* TextScalar<year_month_day>::parse(std::string_view text, year_month_day& out) noexcept {
  time_text::Cursor cursor(text);
  const time_text::Civil date = cursor.date();
  if (!cursor.done()) return "Invalid RFC3339 encoded date";
  out = year_month_day(std::chrono::year(static_cast<int>(date.year)),
                       std::chrono::month(date.month), std::chrono::day(date.day));
  return nullptr;
}

}  // namespace structwire
