// SPDX-License-Identifier: Apache-2.0
#pragma once

// A time of day on the wire: `18:18:10.000123+02:00` (RFC 3339, partial-time, the offset optional).

#include <chrono>
#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include <structwire/core/text_scalar.hpp>

namespace structwire {

/// A time of day, and perhaps how far it is ahead of UTC.
///
/// Two with an offset compare as if both were on one day in UTC, without wrapping at midnight; two
/// without compare by the clock; one with and one without are never equal, and the one without
/// comes first.
struct TimeOfDay {
  std::chrono::microseconds since_midnight{};  ///< At least 0 and less than 24 hours.
  std::optional<std::chrono::minutes> offset;  ///< East of UTC; less than 24 hours either way.

  constexpr bool is_aware() const noexcept { return offset.has_value(); }
  /// The time of day in UTC, below 0 or above 24 hours where that is another day; as it is without
  /// an offset.
  std::chrono::microseconds utc() const noexcept;

  friend bool operator==(const TimeOfDay& a, const TimeOfDay& b) noexcept { return (a <=> b) == 0; }
  friend std::weak_ordering operator<=>(const TimeOfDay& a, const TimeOfDay& b) noexcept {
    if (a.is_aware() != b.is_aware()) {
      return a.is_aware() ? std::weak_ordering::greater : std::weak_ordering::less;
    }
    return a.utc() <=> b.utc();
  }
};

/// Digits behind the microsecond round half up, at midnight to the same day's 00:00:00 as msgspec
/// does. What lies outside the documented ranges is written wrapped into a day.
template <>
struct TextScalar<TimeOfDay> {
  static constexpr Kind kind = Kind::time;
  static constexpr std::size_t text_bound(const TimeOfDay&) noexcept { return 24; }
  static char* write(char* out, const TimeOfDay& time) noexcept;
  static const char* parse(std::string_view text, TimeOfDay& out) noexcept;
};

}  // namespace structwire

template <>
struct std::hash<structwire::TimeOfDay> {
  std::size_t operator()(const structwire::TimeOfDay& time) const noexcept {
    return std::hash<std::chrono::microseconds::rep>()(time.utc().count() * 2 +
                                                       (time.is_aware() ? 1 : 0));
  }
};
