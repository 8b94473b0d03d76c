// SPDX-License-Identifier: Apache-2.0
#pragma once

// std::chrono::duration on the wire: `P1DT3601.5S` (ISO 8601, with days and seconds only, as
// msgspec writes).
//
// Any integral duration that is a multiple of a nanosecond and at most a day long per tick. Read
// are days, hours, minutes and seconds in that order, in either case, after + or - or nothing; the
// last one may have a fraction, of which eleven digits count. What lies between two ticks goes to
// the nearer one, from the middle away from zero: half an hour is one of std::chrono::hours.
//
// The range is that of the type, and inside it Python's: less than 10^9 days, and not below
// -999'999'999 days. std::chrono::microseconds of 64 bits end at 106'751'991 days.

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ratio>
#include <string_view>

#include <structwire/core/text_scalar.hpp>
#include <structwire/core/time_text.hpp>

namespace structwire {

// What does not depend on the type. Sentences are returned as by TextScalar.
namespace time_text {

/// Eleven digits behind the point: in these units a duration is summed up, then divided into ticks.
inline constexpr std::uint64_t fraction_unit = 100'000'000'000;

inline constexpr std::size_t duration_text_max = 2 + 20 + 2 + 5 + 10 + 1;

/// A number of ticks without its sign.
struct Ticks {
  std::uint64_t count = 0;
  bool is_negative = false;
};

/// `tick` is the length of one, in units of 1 / fraction_unit seconds.
const char* parse_duration(std::string_view text, std::uint64_t tick, Ticks& out) noexcept;
const char* duration_from(std::int64_t seconds, std::uint64_t tick, Ticks& out) noexcept;
const char* duration_from(double seconds, std::uint64_t tick, Ticks& out) noexcept;
char* write_duration(char* out, Ticks ticks, std::uint64_t tick) noexcept;

template <class Period>
inline constexpr std::uint64_t tick_of = fraction_unit / static_cast<std::uint64_t>(Period::den) *
                                         static_cast<std::uint64_t>(Period::num);

}  // namespace time_text

/// Periods of 1/n seconds that are whole nanoseconds, and of n seconds up to a day.
template <class Period>
concept TickPeriod = Period::num <= 86'400 && time_text::nanoseconds_per_second % Period::den == 0;

template <class Rep, TickPeriod Period>
  requires(std::integral<Rep> && !std::same_as<Rep, bool> && sizeof(Rep) <= 8)
struct TextScalar<std::chrono::duration<Rep, Period>> {
  using Duration = std::chrono::duration<Rep, Period>;
  static constexpr Kind kind = Kind::duration;

  static constexpr std::size_t text_bound(const Duration&) noexcept {
    return time_text::duration_text_max;
  }

  static char* write(char* out, const Duration& duration) noexcept {
    const bool is_negative = duration.count() < 0;
    const auto bits = static_cast<std::uint64_t>(duration.count());
    return time_text::write_duration(out, {is_negative ? 0 - bits : bits, is_negative}, tick);
  }

  static const char* parse(std::string_view text, Duration& out) noexcept {
    time_text::Ticks ticks;
    return assign(time_text::parse_duration(text, tick, ticks), ticks, out);
  }

  /// Seconds.
  static const char* from_number(std::int64_t seconds, Duration& out) noexcept {
    time_text::Ticks ticks;
    return assign(time_text::duration_from(seconds, tick, ticks), ticks, out);
  }
  static const char* from_number(double seconds, Duration& out) noexcept {
    time_text::Ticks ticks;
    return assign(time_text::duration_from(seconds, tick, ticks), ticks, out);
  }

 private:
  static constexpr std::uint64_t tick = time_text::tick_of<Period>;

  static const char* assign(const char* problem, time_text::Ticks ticks, Duration& out) noexcept {
    if (problem) return problem;
    constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<Rep>::max());
    constexpr std::uint64_t negative_max = std::signed_integral<Rep> ? max + 1 : 0;
    if (ticks.count > (ticks.is_negative ? negative_max : max)) return "Duration is out of range";
    out = Duration(static_cast<Rep>(ticks.is_negative ? 0 - ticks.count : ticks.count));
    return nullptr;
  }
};

}  // namespace structwire
