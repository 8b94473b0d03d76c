// SPDX-License-Identifier: Apache-2.0
#pragma once

// What datetime.cpp, date.cpp, time_of_day.cpp and duration.cpp share: the digits of RFC 3339, and
// the conversion between ticks of any std::chrono period and seconds with nanoseconds.
//
// A part of those files: programs include structwire/core/time.hpp.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace structwire::time_text {

inline constexpr std::int64_t seconds_per_day = 86'400;
inline constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

/// Ticks of 1 / den seconds as a number of decimal places; -1 for what is no power of ten up to
/// 10^9.
constexpr int decimal_places(std::intmax_t den) noexcept {
  int places = 0;
  for (; den > 1 && den % 10 == 0; den /= 10) ++places;
  return den == 1 && places <= 9 ? places : -1;
}

/// A point in time, with the clock on the wall: nothing says where the wall is, unless `offset`
/// does.
struct Moment {
  std::int64_t seconds = 0;            ///< Local, since 1970-01-01T00:00:00.
  std::uint32_t nanoseconds = 0;       ///< 0..999'999'999.
  std::optional<std::int32_t> offset;  ///< Minutes east of UTC, less than a day.
};

/// A date of the proleptic Gregorian calendar.
struct Civil {
  std::int64_t year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

/// Reads from a text from left to right. Once something does not fit, ok() is false and nothing is
/// read.
class Cursor {
 public:
  explicit Cursor(std::string_view text) noexcept : at_(text.data()), end_(at_ + text.size()) {}

  bool ok() const noexcept { return ok_; }
  /// Nothing failed and nothing is left.
  bool done() const noexcept { return ok_ && at_ == end_; }
  bool at_end() const noexcept { return at_ == end_; }
  char peek() const noexcept { return *at_; }
  bool at_digit() const noexcept { return at_ != end_ && *at_ >= '0' && *at_ <= '9'; }

  /// Exactly `count` digits.
  unsigned digits(int count) noexcept;
  /// One of the two characters.
  void either(char a, char b) noexcept;
  void one(char c) noexcept { either(c, c); }
  /// Goes over the character where it is the next.
  bool skip_if(char c) noexcept;
  /// The digits after a point, rounded half up to `places` and given as nanoseconds; 1'000'000'000
  /// where rounding carries.
  std::uint32_t fraction(int places) noexcept;
  /// A date that the calendar has, from year 1 to 9999.
  Civil date() noexcept;
  /// hh:mm:ss as seconds; neither hour 24 nor second 60.
  unsigned clock() noexcept;
  /// Nothing, Z, +hh:mm or +hhmm.
  std::optional<std::int32_t> offset() noexcept;

 private:
  void fail() noexcept {
    ok_ = false;
    at_ = end_;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

/// Days since 1970-01-01. The date must be one that the calendar has.
std::int64_t days_of(const Civil& date) noexcept;
Civil civil_of(std::int64_t days) noexcept;

/// Most bytes of a date whose year has 64 bits, and of a time with an offset.
inline constexpr std::size_t date_text_max = 1 + 18 + 1 + 2 + 1 + 2;
inline constexpr std::size_t clock_text_max = 8 + 10 + 6;

/// YYYY-MM-DD; a year outside 0..9999 has a sign and as many digits as it needs, and nobody reads
/// it back.
char* write_date(char* out, const Civil& date) noexcept;
/// hh:mm:ss, then nothing, six or nine digits of a second: the same text for the same time in any
/// type.
char* write_clock(char* out, std::uint32_t second_of_day, std::uint32_t nanoseconds) noexcept;
/// Z for 0, else +hh:mm. Less than a day.
char* write_offset(char* out, std::int32_t minutes) noexcept;
/// Two digits of a number below 100.
char* write_pair(char* out, unsigned value) noexcept;

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b < 0 ? 1 : 0);
}

/// The two halves of a number of ticks of 10^-places seconds.
constexpr std::pair<std::int64_t, std::uint32_t> split_ticks(std::int64_t ticks,
                                                             int places) noexcept {
  std::int64_t den = 1;
  for (int i = 0; i < places; ++i) den *= 10;
  const std::int64_t seconds = floor_divide(ticks, den);
  const std::int64_t rest = ticks % den + (ticks % den < 0 ? den : 0);
  return {seconds, static_cast<std::uint32_t>(rest * (nanoseconds_per_second / den))};
}

/// The inverse, for nanoseconds that are rounded already; false where 64 bits cannot hold it.
bool join_ticks(std::int64_t seconds, std::uint32_t nanoseconds, int places,
                std::int64_t& ticks) noexcept;

/// Nanoseconds rounded half up to `places` digits: 0..1'000'000'000.
std::uint32_t round_nanoseconds(std::uint32_t nanoseconds, int places) noexcept;

}  // namespace structwire::time_text
