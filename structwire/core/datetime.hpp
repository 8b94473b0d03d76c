// SPDX-License-Identifier: Apache-2.0
#pragma once

// Points in time on the wire: `2021-04-02T18:18:10.000123Z` (RFC 3339).
//
//   std::chrono::sys_time<D>     an instant. Text must say its offset, which is used and forgotten
//   std::chrono::local_time<D>   the clock on a wall somewhere. Text must not have an offset
//   structwire::DateTime         either; an offset is kept
//
// D is a duration of seconds, milliseconds, microseconds, nanoseconds, or any other power of ten
// between. Between date and time stands T, t or a space; an offset is Z, z, +hh:mm or +hhmm; digits
// behind D's precision round half up. Hour 24, second 60 and year 0 are refused, as msgspec does.
//
// Written are no, six or nine digits of a second, whatever is needed and independent of D, so that
// equal instants have equal texts. Every value is written, but a year outside 1..9999 is not read
// back.

#include <chrono>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ratio>
#include <string_view>
#include <tuple>
#include <utility>

#include <structwire/core/text_scalar.hpp>
#include <structwire/core/time_text.hpp>

namespace structwire {

/// A date and time of day, and perhaps how far that clock is ahead of UTC.
///
/// Two with an offset compare by instant, two without by the clock; one with and one without are
/// never equal, and the one without comes first. Equal ones may so have different texts.
struct DateTime {
  std::chrono::local_time<std::chrono::microseconds> local{};
  std::optional<std::chrono::minutes> offset;  ///< East of UTC; less than 24 hours either way.

  /// The instant in UTC, with offset 0.
  static DateTime at(std::chrono::sys_time<std::chrono::microseconds> instant) noexcept {
    return {std::chrono::local_time<std::chrono::microseconds>(instant.time_since_epoch()),
            std::chrono::minutes(0)};
  }

  constexpr bool is_aware() const noexcept { return offset.has_value(); }
  /// The instant; what has no offset is taken to be in UTC.
  std::chrono::sys_time<std::chrono::microseconds> utc() const noexcept;

  friend bool operator==(const DateTime& a, const DateTime& b) noexcept { return (a <=> b) == 0; }
  friend std::weak_ordering operator<=>(const DateTime& a, const DateTime& b) noexcept {
    if (a.is_aware() != b.is_aware()) {
      return a.is_aware() ? std::weak_ordering::greater : std::weak_ordering::less;
    }
    return a.utc() <=> b.utc();
  }
};

/// Durations that a point in time can count in.
template <class Duration>
concept InstantDuration =
    std::signed_integral<typename Duration::rep> && Duration::period::num == 1 &&
    time_text::decimal_places(Duration::period::den) >= 0;

// What does not depend on D. Sentences are returned as by TextScalar.
namespace time_text {

/// Most bytes of a datetime, whatever its year.
inline constexpr std::size_t datetime_text_max = date_text_max + 1 + clock_text_max;

inline constexpr char out_of_range[] = "Timestamp is out of range ";
inline constexpr char expected_aware[] = "Expected `datetime` with a timezone component";
inline constexpr char expected_naive[] = "Expected `datetime` with no timezone component";

const char* parse_datetime(std::string_view text, int places, Moment& out) noexcept;
char* write_datetime(char* out, const Moment& moment) noexcept;
/// The offset is applied and gone; refuses what is not from year 1 to 9999 then.
const char* to_utc(Moment& moment) noexcept;
/// Epoch seconds and nanoseconds, rounded to `places`, in UTC.
const char* from_epoch(std::int64_t seconds, std::uint32_t nanoseconds, int places,
                       Moment& out) noexcept;
const char* from_epoch(double seconds, int places, Moment& out) noexcept;

template <class Duration>
const char* ticks_of(const Moment& moment, Duration& out) noexcept {
  std::int64_t ticks = 0;
  constexpr int places = decimal_places(Duration::period::den);
  if (!join_ticks(moment.seconds, moment.nanoseconds, places, ticks)) return out_of_range;
  if (!std::in_range<typename Duration::rep>(ticks)) return out_of_range;
  out = Duration(static_cast<typename Duration::rep>(ticks));
  return nullptr;
}

template <class Duration>
Moment moment_of(Duration since_epoch, std::optional<std::int32_t> offset) noexcept {
  const auto [seconds, nanoseconds] =
      split_ticks(since_epoch.count(), decimal_places(Duration::period::den));
  return {seconds, nanoseconds, offset};
}

}  // namespace time_text

/// An instant. What UTC puts outside the years 1..9999, or D outside its range, is out of range.
template <InstantDuration Duration>
struct TextScalar<std::chrono::time_point<std::chrono::system_clock, Duration>> {
  using Instant = std::chrono::time_point<std::chrono::system_clock, Duration>;
  static constexpr Kind kind = Kind::datetime;
  static constexpr bool has_offset = true;

  static constexpr std::size_t text_bound(const Instant&) noexcept {
    return time_text::datetime_text_max;
  }

  static char* write(char* out, const Instant& instant) noexcept {
    return time_text::write_datetime(out, time_text::moment_of(instant.time_since_epoch(), 0));
  }

  static const char* parse(std::string_view text, Instant& out) noexcept {
    time_text::Moment moment;
    if (const char* problem = time_text::parse_datetime(text, places, moment)) return problem;
    if (!moment.offset) return time_text::expected_aware;
    if (const char* problem = time_text::to_utc(moment)) return problem;
    return assign(moment, out);
  }

  /// Seconds since the epoch; a double's are cut off behind the nanosecond, then rounded to D.
  static const char* from_number(std::int64_t seconds, Instant& out) noexcept {
    return from_epoch(seconds, 0, out);
  }
  static const char* from_number(double seconds, Instant& out) noexcept {
    time_text::Moment moment;
    if (const char* problem = time_text::from_epoch(seconds, places, moment)) return problem;
    return assign(moment, out);
  }

  static bool to_epoch(const Instant& instant, std::int64_t& seconds,
                       std::uint32_t& nanoseconds) noexcept {
    std::tie(seconds, nanoseconds) =
        time_text::split_ticks(instant.time_since_epoch().count(), places);
    return true;
  }

  static const char* from_epoch(std::int64_t seconds, std::uint32_t nanoseconds,
                                Instant& out) noexcept {
    time_text::Moment moment;
    if (const char* problem = time_text::from_epoch(seconds, nanoseconds, places, moment))
      return problem;
    return assign(moment, out);
  }

 private:
  static constexpr int places = time_text::decimal_places(Duration::period::den);

  static const char* assign(const time_text::Moment& moment, Instant& out) noexcept {
    Duration since_epoch{};
    if (const char* problem = time_text::ticks_of(moment, since_epoch)) return problem;
    out = Instant(since_epoch);
    return nullptr;
  }
};

/// The clock on a wall. A number or a timestamp is an instant, so it is refused.
template <InstantDuration Duration>
struct TextScalar<std::chrono::local_time<Duration>> {
  using Local = std::chrono::local_time<Duration>;
  static constexpr Kind kind = Kind::datetime;
  static constexpr bool has_offset = false;

  static constexpr std::size_t text_bound(const Local&) noexcept {
    return time_text::datetime_text_max;
  }

  static char* write(char* out, const Local& local) noexcept {
    return time_text::write_datetime(out,
                                     time_text::moment_of(local.time_since_epoch(), std::nullopt));
  }

  static const char* parse(std::string_view text, Local& out) noexcept {
    time_text::Moment moment;
    if (const char* problem = time_text::parse_datetime(text, places, moment)) return problem;
    if (moment.offset) return time_text::expected_naive;
    Duration since_epoch{};
    if (const char* problem = time_text::ticks_of(moment, since_epoch)) return problem;
    out = Local(since_epoch);
    return nullptr;
  }

  static const char* from_number(std::int64_t seconds, Local& out) noexcept {
    return from_epoch(seconds, 0, out);
  }
  static const char* from_number(double seconds, Local&) noexcept {
    time_text::Moment moment;
    const char* problem = time_text::from_epoch(seconds, places, moment);
    return problem ? problem : time_text::expected_naive;
  }

  static bool to_epoch(const Local&, std::int64_t&, std::uint32_t&) noexcept { return false; }

  static const char* from_epoch(std::int64_t seconds, std::uint32_t nanoseconds, Local&) noexcept {
    time_text::Moment moment;
    const char* problem = time_text::from_epoch(seconds, nanoseconds, places, moment);
    return problem ? problem : time_text::expected_naive;
  }

 private:
  static constexpr int places = time_text::decimal_places(Duration::period::den);
};

/// Numbers and timestamps become UTC. An offset outside its range is not written: the instant is,
/// in UTC.
template <>
struct TextScalar<DateTime> {
  static constexpr Kind kind = Kind::datetime;
  static constexpr std::size_t text_bound(const DateTime&) noexcept {
    return time_text::datetime_text_max;
  }
  static char* write(char* out, const DateTime& value) noexcept;
  static const char* parse(std::string_view text, DateTime& out) noexcept;
  static const char* from_number(std::int64_t seconds, DateTime& out) noexcept;
  static const char* from_number(double seconds, DateTime& out) noexcept;
  static bool to_epoch(const DateTime& value, std::int64_t& seconds,
                       std::uint32_t& nanoseconds) noexcept;
  static const char* from_epoch(std::int64_t seconds, std::uint32_t nanoseconds,
                                DateTime& out) noexcept;
};

}  // namespace structwire

template <>
struct std::hash<structwire::DateTime> {
  std::size_t operator()(const structwire::DateTime& value) const noexcept {
    const auto ticks = static_cast<std::uint64_t>(value.utc().time_since_epoch().count());
    return std::hash<std::uint64_t>()(ticks * 2 + (value.is_aware() ? 1 : 0));
  }
};
