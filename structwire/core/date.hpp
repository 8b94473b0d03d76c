// SPDX-License-Identifier: Apache-2.0
#pragma once

// std::chrono::year_month_day on the wire: `2024-02-29` (RFC 3339, full-date).

#include <chrono>
#include <cstddef>
#include <string_view>

#include <structwire/core/text_scalar.hpp>

namespace structwire {

/// Exactly ten characters are read, and only dates that the calendar has, from year 1 to 9999.
/// Every value is written, but what is not such a date is not read back: a default-constructed
/// `year_month_day{}` is `0000-00-00`.
template <>
struct TextScalar<std::chrono::year_month_day> {
  static constexpr Kind kind = Kind::date;
  static constexpr std::size_t text_bound(const std::chrono::year_month_day&) noexcept {
    return 14;
  }
  static char* write(char* out, const std::chrono::year_month_day& date) noexcept;
  static const char* parse(std::string_view text, std::chrono::year_month_day& out) noexcept;
};

}  // namespace structwire
