// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bounds that are given as text (`sw::ge("2020-01-01")`), looked at while compiling: the grammars of the types with a
// text form, without their values. Whether a value fits the type's range is seen when the first one is compared: where
// it does not, no value keeps the rule. Kinds without a grammar here pass.

#include <cstddef>
#include <string_view>

#include <structwire/core/kind.hpp>
#include <structwire/core/text_scalar.hpp>

namespace structwire::check {

class BoundText {
 public:
  explicit constexpr BoundText(std::string_view text) noexcept : rest_(text) {}

  constexpr bool done() const noexcept { return rest_.empty(); }

  constexpr bool decimal() noexcept {
    sign();
    if (word("infinity") || word("inf")) return true;
    if (word("snan") || word("nan")) return any_digits() || true;
    const bool whole = any_digits();
    const bool fraction = one(".") && any_digits();
    if (!whole && !fraction) return false;
    return !one("eE") || (sign(), any_digits());
  }
  constexpr bool date() noexcept {
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (!number(4, year) || !one("-") || !number(2, month) || !one("-") || !number(2, day)) return false;
    return year > 0 && month > 0 && month <= 12 && day > 0 && day <= days_in(year, month);
  }
  /// Its fraction and its offset too.
  constexpr bool time() noexcept {
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    if (!number(2, hour) || !one(":") || !number(2, minute) || !one(":") || !number(2, second)) return false;
    return hour < 24 && minute < 60 && second < 60 && (!one(".") || any_digits()) && offset();
  }
  constexpr bool datetime() noexcept { return date() && one("Tt ") && time(); }
  constexpr bool had_offset() const noexcept { return had_offset_; }

  constexpr bool duration() noexcept {
    sign();
    if (!one("Pp")) return false;
    std::string_view units = "D";
    bool behind_t = false;
    do {
      if (!behind_t && one("Tt")) {
        behind_t = true;
        units = "HMS";
      }
      if (!any_digits()) return false;
      const bool fraction = one(".");
      if (fraction && !any_digits()) return false;
      const std::size_t unit = rest_.empty() ? units.npos : units.find(upper(rest_.front()));
      if (unit == units.npos || (fraction && rest_.size() != 1)) return false;
      rest_.remove_prefix(1);
      units.remove_prefix(unit + 1);
    } while (!rest_.empty());
    return true;
  }
  constexpr bool uuid() noexcept {
    const bool hyphens = rest_.size() == 36;
    if (!hyphens && rest_.size() != 32) return false;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const bool hyphen = hyphens && (i == 8 || i == 13 || i == 18 || i == 23);
      const char c = upper(rest_[i]);
      if (hyphen ? c != '-' : !(is_digit(c) || (c >= 'A' && c <= 'F'))) return false;
    }
    rest_ = {};
    return true;
  }

 private:
  static constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
  static constexpr char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
  static constexpr unsigned days_in(unsigned year, unsigned month) noexcept {
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month == 2) return leap ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  constexpr bool one(std::string_view of) noexcept {
    if (rest_.empty() || of.find(rest_.front()) == of.npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  constexpr void sign() noexcept { one("+-"); }
  constexpr bool any_digits() noexcept {
    const std::size_t before = rest_.size();
    while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
    return rest_.size() != before;
  }
  constexpr bool number(int digits, unsigned& out) noexcept {
    for (; digits > 0; --digits) {
      if (rest_.empty() || !is_digit(rest_.front())) return false;
      out = out * 10 + static_cast<unsigned>(rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return true;
  }
  constexpr bool word(std::string_view lower_case) noexcept {
    if (rest_.size() < lower_case.size()) return false;
    for (std::size_t i = 0; i < lower_case.size(); ++i) {
      if (upper(rest_[i]) != upper(lower_case[i])) return false;
    }
    rest_.remove_prefix(lower_case.size());
    return true;
  }
  constexpr bool offset() noexcept {
    if (rest_.empty()) return true;
    had_offset_ = true;
    if (one("Zz")) return true;
    unsigned hours = 0;
    unsigned minutes = 0;
    if (!one("+-") || !number(2, hours)) return false;
    one(":");
    return number(2, minutes) && hours < 24 && minutes < 60;
  }

  std::string_view rest_;
  bool had_offset_ = false;
};

/// True when T can be read from `text`, as far as the text alone tells.
template <TextScalarType T>
constexpr bool is_bound_text(std::string_view text) noexcept {
  BoundText bound(text);
  switch (TextScalar<T>::kind) {
    case Kind::decimal: return bound.decimal() && bound.done();
    case Kind::date: return bound.date() && bound.done();
    case Kind::time: return bound.time() && bound.done();
    case Kind::duration: return bound.duration() && bound.done();
    case Kind::uuid: return bound.uuid() && bound.done();
    case Kind::datetime: {
      if (!bound.datetime() || !bound.done()) return false;
      if constexpr (requires { TextScalar<T>::has_offset; }) return bound.had_offset() == TextScalar<T>::has_offset;
      return true;
    }
    default: return true;
  }
}

}  // namespace structwire::check
