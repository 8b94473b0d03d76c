// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decimal numbers of any length, for money and measurements that no double holds.

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <structwire/core/text_scalar.hpp>

namespace structwire {

/// A decimal number as somebody wrote it: `1.50` keeps its zero. There is no arithmetic; hand
/// text() to a library that has it, or to_double() to who needs no more.
///
/// The text is the one that Python's `str(Decimal(text))` gives: `.5` is `0.5`, `1e5` is `1E+5`,
/// `007` is `7`. As there, the exponent has up to 18 digits (19 for the smallest), and `Infinity`,
/// `NaN` and `sNaN` are values, with a sign, the last two with digits behind them if they like.
///
/// Values compare exactly by value at any length and exponent, in time that grows with the texts
/// only: 1.0 == 1.00, -0 == 0. Unlike Python's, all NaN are equal and stand above Infinity, so that
/// any Decimal can be a key.
class Decimal {
 public:
  /// Zero.
  Decimal() noexcept = default;
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char> && sizeof(Integer) <= 8)
  explicit Decimal(Integer value) : text_(std::to_string(value)) {}
  /// The shortest decimal that reads back to the same double: 0.1 is `0.1`.
  static Decimal from_double(double value);
  /// Nothing for what is no decimal. Narrower than Python: no spaces, underscores and foreign
  /// digits.
  static std::optional<Decimal> from_text(std::string_view text);

  /// Valid until the value changes.
  std::string_view text() const noexcept { return text_.empty() ? std::string_view("0") : text_; }

  /// A JSON number when true.
  bool is_finite() const noexcept { return !is_nan() && !is_infinite(); }
  bool is_infinite() const noexcept { return first_letter() == 'I'; }
  bool is_nan() const noexcept { return first_letter() == 'N' || first_letter() == 's'; }
  /// The nearest double; infinite where there is none.
  double to_double() const noexcept;

  friend bool operator==(const Decimal& a, const Decimal& b) noexcept { return (a <=> b) == 0; }
  friend std::weak_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept;

 private:
  friend struct TextScalar<Decimal>;
  friend struct std::hash<Decimal>;

  char first_letter() const noexcept { return text()[text().front() == '-' ? 1 : 0]; }
  std::size_t hash() const noexcept;

  std::string text_;  // the normal form; empty is zero
};

/// Parsing allocates once where the text is longer than what a std::string holds in itself.
template <>
struct TextScalar<Decimal> {
  static constexpr Kind kind = Kind::decimal;
  static std::size_t text_bound(const Decimal& value) noexcept { return value.text().size(); }
  static char* write(char* out, const Decimal& value) noexcept;
  static const char* parse(std::string_view text, Decimal& out);
  /// The source text of a JSON number. Differs in `-0`, which is an integer there and has no sign.
  static const char* parse_number(std::string_view text, Decimal& out);
  static const char* from_number(std::int64_t number, Decimal& out);
  static const char* from_number(std::uint64_t number, Decimal& out);
  static const char* from_number(double number, Decimal& out);
};

}  // namespace structwire

template <>
struct std::hash<structwire::Decimal> {
  std::size_t operator()(const structwire::Decimal& value) const noexcept { return value.hash(); }
};
