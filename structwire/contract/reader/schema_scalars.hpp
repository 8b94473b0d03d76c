// SPDX-License-Identifier: Apache-2.0
#pragma once

// Points in time and durations whose tick is known at run time only, as scalars with a text form: core's loops read
// them like those of std::chrono. A part of the reader that a Schema drives.

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/contract/schema.hpp>
#include <structwire/core/date.hpp>
#include <structwire/core/datetime.hpp>
#include <structwire/core/decimal.hpp>
#include <structwire/core/duration.hpp>
#include <structwire/core/text_scalar.hpp>
#include <structwire/core/time_of_day.hpp>
#include <structwire/core/uuid.hpp>

namespace structwire::contract::schema_reading {

/// What TypeSchema::tick, `bits` and `is_unsigned` say.
struct TickForm {
  std::int64_t numerator = 1;
  std::int64_t denominator = 1'000'000;
  std::uint32_t bits = 64;
  bool is_unsigned = false;

  /// Nothing for a text that is no tick, or one that std::chrono's types of the wire could not have.
  static std::optional<TickForm> of(const TypeSchema& type);
  std::uint64_t unit() const noexcept {
    return time_text::fraction_unit / static_cast<std::uint64_t>(denominator) * static_cast<std::uint64_t>(numerator);
  }
  int places() const noexcept { return time_text::decimal_places(denominator); }
};

/// As std::chrono::duration.
struct TickedDuration {
  TickForm form;
  time_text::Ticks ticks;

  friend bool operator==(const TickedDuration& a, const TickedDuration& b) noexcept { return (a <=> b) == 0; }
  friend std::strong_ordering operator<=>(const TickedDuration& a, const TickedDuration& b) noexcept {
    const bool below = a.ticks.is_negative && a.ticks.count != 0;
    const bool other_below = b.ticks.is_negative && b.ticks.count != 0;
    if (below != other_below) return below ? std::strong_ordering::less : std::strong_ordering::greater;
    return below ? b.ticks.count <=> a.ticks.count : a.ticks.count <=> b.ticks.count;
  }
};

/// As std::chrono::sys_time where it is zoned, else as std::chrono::local_time.
struct TickedInstant {
  TickForm form{.denominator = 1};
  bool is_zoned = true;
  std::int64_t ticks = 0;

  friend bool operator==(const TickedInstant& a, const TickedInstant& b) noexcept { return a.ticks == b.ticks; }
  friend auto operator<=>(const TickedInstant& a, const TickedInstant& b) noexcept { return a.ticks <=> b.ticks; }
};

/// Calls use(scalar) with a new one of the type that a kind with a text form has.
template <class Use>
auto with_text_scalar(const TypeSchema& type, Use&& use) {
  switch (type.kind) {
    case TypeKind::datetime:
      if (!type.tick.empty()) {
        return use(TickedInstant{TickForm::of(type).value_or(TickForm()), type.zoned.value_or(true)});
      }
      return use(DateTime());
    case TypeKind::date: return use(std::chrono::year_month_day());
    case TypeKind::time: return use(TimeOfDay());
    case TypeKind::duration: return use(TickedDuration{TickForm::of(type).value_or(TickForm()), {}});
    case TypeKind::uuid: return use(Uuid());
    default: return use(Decimal());
  }
}

constexpr bool is_text_scalar(TypeKind kind) noexcept {
  return kind == TypeKind::datetime || kind == TypeKind::date || kind == TypeKind::time ||
         kind == TypeKind::duration || kind == TypeKind::uuid || kind == TypeKind::decimal;
}

}  // namespace structwire::contract::schema_reading

template <>
struct structwire::TextScalar<structwire::contract::schema_reading::TickedDuration> {
  using Duration = contract::schema_reading::TickedDuration;
  static constexpr Kind kind = Kind::duration;
  static constexpr std::size_t text_bound(const Duration&) noexcept { return time_text::duration_text_max; }
  static char* write(char* out, const Duration& duration) noexcept;
  static const char* parse(std::string_view text, Duration& out) noexcept;
  static const char* from_number(std::int64_t seconds, Duration& out) noexcept;
  static const char* from_number(double seconds, Duration& out) noexcept;
};

template <>
struct structwire::TextScalar<structwire::contract::schema_reading::TickedInstant> {
  using Instant = contract::schema_reading::TickedInstant;
  static constexpr Kind kind = Kind::datetime;
  static constexpr std::size_t text_bound(const Instant&) noexcept { return time_text::datetime_text_max; }
  static char* write(char* out, const Instant& instant) noexcept;
  static const char* parse(std::string_view text, Instant& out) noexcept;
  static const char* from_number(std::int64_t seconds, Instant& out) noexcept;
  static const char* from_number(double seconds, Instant& out) noexcept;
  static const char* from_epoch(std::int64_t seconds, std::uint32_t nanoseconds, Instant& out) noexcept;
};
