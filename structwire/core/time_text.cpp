// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/time_text.hpp>

#include <array>
#include <chrono>
#include <cstring>

#include <structwire/core/number.hpp>

namespace structwire::time_text {
namespace {

constexpr std::array<std::uint32_t, 10> powers_of_ten = {
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

constexpr std::uint32_t power_of_ten(int exponent) noexcept {
  return powers_of_ten[static_cast<std::size_t>(exponent)];
}

constexpr bool is_leap(std::int64_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr unsigned days_in_month(std::int64_t year, unsigned month) noexcept {
  constexpr std::array<std::uint8_t, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

// The calendar repeats after as many days.
constexpr std::int64_t days_per_era = 146'097;
constexpr std::int64_t years_per_era = 400;

char* write_padded(char* out, std::uint64_t value, int width) noexcept {
  for (int i = width - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + width;
}

char* write_year(char* out, std::int64_t year) noexcept {
  if (year >= 0 && year <= 9999) return write_padded(out, static_cast<std::uint64_t>(year), 4);
  *out++ = year < 0 ? '-' : '+';
  const auto magnitude =
      year < 0 ? 0 - static_cast<std::uint64_t>(year) : static_cast<std::uint64_t>(year);
  if (magnitude <= 9999) return write_padded(out, magnitude, 4);
  return write_number(out, magnitude);
}

}  // namespace

unsigned Cursor::digits(int count) noexcept {
  unsigned value = 0;
  for (; count > 0; --count) {
    if (!at_digit()) {
      fail();
      return 0;
    }
    value = value * 10 + static_cast<unsigned>(*at_++ - '0');
  }
  return value;
}

void Cursor::either(char a, char b) noexcept {
  if (at_ != end_ && (*at_ == a || *at_ == b)) {
    ++at_;
  } else {
    fail();
  }
}

bool Cursor::skip_if(char c) noexcept {
  if (at_ == end_ || *at_ != c) return false;
  ++at_;
  return true;
}

std::uint32_t Cursor::fraction(int places) noexcept {
  std::uint32_t value = digits(1);
  int count = 1;
  for (; count < 9 && at_digit(); ++count)
    value = value * 10 + static_cast<std::uint32_t>(*at_++ - '0');
  value *= power_of_ten(9 - count);
  // Behind the ninth digit there may be one that rounds; no other can.
  const bool tenth_rounds = places == 9 && at_digit() && *at_ >= '5';
  while (at_digit()) ++at_;
  return round_nanoseconds(value, places) + (tenth_rounds ? 1 : 0);
}

Civil Cursor::date() noexcept {
  Civil date;
  date.year = digits(4);
  one('-');
  date.month = digits(2);
  one('-');
  date.day = digits(2);
  if (date.year == 0 || date.month == 0 || date.month > 12 || date.day == 0) {
    fail();
  } else if (date.day > days_in_month(date.year, date.month)) {
    fail();
  }
  return date;
}

unsigned Cursor::clock() noexcept {
  const unsigned hour = digits(2);
  one(':');
  const unsigned minute = digits(2);
  one(':');
  const unsigned second = digits(2);
  if (hour > 23 || minute > 59 || second > 59) fail();
  return (hour * 60 + minute) * 60 + second;
}

std::optional<std::int32_t> Cursor::offset() noexcept {
  if (at_ == end_) return std::nullopt;
  if (skip_if('Z') || skip_if('z')) return 0;
  const bool is_west = *at_ == '-';
  either('+', '-');
  const unsigned hours = digits(2);
  skip_if(':');
  const unsigned minutes = digits(2);
  if (hours > 23 || minutes > 59) fail();
  const auto total = static_cast<std::int32_t>(hours * 60 + minutes);
  return is_west ? -total : total;
}

std::int64_t days_of(const Civil& date) noexcept {
  const std::int64_t era = floor_divide(date.year, years_per_era);
  const auto year = static_cast<int>(date.year - era * years_per_era);
  const std::chrono::sys_days days =
      std::chrono::year(year) / std::chrono::month(date.month) / std::chrono::day(date.day);
  return days.time_since_epoch().count() + era * days_per_era;
}

Civil civil_of(std::int64_t days) noexcept {
  const std::int64_t era = floor_divide(days, days_per_era);
  const std::chrono::sys_days within{
      std::chrono::days(static_cast<int>(days - era * days_per_era))};
  const std::chrono::year_month_day date(within);
  return {static_cast<int>(date.year()) + era * years_per_era, static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

char* write_pair(char* out, unsigned value) noexcept {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
  return out + 2;
}

char* write_date(char* out, const Civil& date) noexcept {
  out = write_year(out, date.year);
  *out++ = '-';
  out = write_pair(out, date.month);
  *out++ = '-';
  return write_pair(out, date.day);
}

char* write_clock(char* out, std::uint32_t second_of_day, std::uint32_t nanoseconds) noexcept {
  out = write_pair(out, second_of_day / 3600);
  *out++ = ':';
  out = write_pair(out, second_of_day / 60 % 60);
  *out++ = ':';
  out = write_pair(out, second_of_day % 60);
  if (nanoseconds == 0) return out;
  *out++ = '.';
  if (nanoseconds % 1000 == 0) return write_padded(out, nanoseconds / 1000, 6);
  return write_padded(out, nanoseconds, 9);
}

char* write_offset(char* out, std::int32_t minutes) noexcept {
  if (minutes == 0) {
    *out++ = 'Z';
    return out;
  }
  *out++ = minutes < 0 ? '-' : '+';
  const auto magnitude = static_cast<unsigned>(minutes < 0 ? -minutes : minutes);
  out = write_pair(out, magnitude / 60);
  *out++ = ':';
  return write_pair(out, magnitude % 60);
}

bool join_ticks(std::int64_t seconds, std::uint32_t nanoseconds, int places,
                std::int64_t& ticks) noexcept {
  const std::int64_t den = power_of_ten(places);
  const std::int64_t rest = nanoseconds / power_of_ten(9 - places);
  // The smallest numbers fit only when the multiplication starts one second nearer to zero.
  const bool from_above = seconds < 0 && rest > 0;
  std::int64_t whole = 0;
  if (__builtin_mul_overflow(seconds + (from_above ? 1 : 0), den, &whole)) return false;
  return !__builtin_add_overflow(whole, rest - (from_above ? den : 0), &ticks);
}

std::uint32_t round_nanoseconds(std::uint32_t nanoseconds, int places) noexcept {
  if (places == 9) return nanoseconds;
  const std::uint32_t unit = power_of_ten(9 - places);
  return (nanoseconds + unit / 2) / unit * unit;
}

}  // namespace structwire::time_text
