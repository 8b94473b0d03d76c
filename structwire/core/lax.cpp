// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/lax.hpp>

#include <charconv>
#include <cmath>

#include <structwire/core/enum_table.hpp>
#include <structwire/core/number.hpp>

namespace structwire::lax {
namespace {

constexpr double exact_max = 9007199254740992.0;  // 2^53: integers up to here are exact in a double.

bool equals(std::string_view text, std::string_view word) noexcept {
  return enum_detail::equal_ignoring_case(text, word);
}

Outcome integer_of(double number, WideInteger& out) {
  if (std::trunc(number) != number || std::abs(number) > exact_max) return {};
  out.number = static_cast<std::int64_t>(number);
  return {true, nullptr};
}

Outcome integer_of(std::string_view text, WideInteger& out) {
  const char* end = text.data() + text.size();
  if (is_json_integer(text)) {
    if (std::from_chars(text.data(), end, out.number).ec == std::errc()) return {true, nullptr};
    const bool fits = text.front() != '-' && std::from_chars(text.data(), end, out.large).ec == std::errc();
    return fits ? Outcome{true, nullptr} : Outcome{false, "Integer value out of range"};
  }
  if (!is_json_number(text)) return {};
  const double number = parse_double(text);
  return std::isfinite(number) ? integer_of(number, out) : Outcome{false, "Number out of range"};
}

// `nan`, `inf` and `infinity`, in any case and with a sign.
bool non_finite(std::string_view text, double& out) noexcept {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (equals(text, "nan")) {
    out = std::numeric_limits<double>::quiet_NaN();
  } else if (equals(text, "inf") || equals(text, "infinity")) {
    out = std::numeric_limits<double>::infinity();
  } else {
    return false;
  }
  if (negative) out = -out;
  return true;
}

}  // namespace

Spelled spelled(std::string_view text) noexcept {
  double unused = 0;
  if (is_json_integer(text)) return Spelled::integer;
  if (is_json_number(text) || non_finite(text, unused)) return Spelled::number;
  if (equals(text, "true") || equals(text, "false")) return Spelled::boolean;
  return equals(text, "null") ? Spelled::null : Spelled::other;
}

Outcome to_boolean(const Value& found, bool& out) {
  if (const auto* number = found.get_if<std::int64_t>()) {
    out = *number == 1;
    return {*number == 0 || *number == 1, nullptr};
  }
  const auto* text = found.get_if<std::string>();
  if (text == nullptr) return {};
  out = *text == "1" || equals(*text, "true");
  return {out || *text == "0" || *text == "-0" || equals(*text, "false"), nullptr};
}

Outcome to_null(const Value& found) {
  const auto* text = found.get_if<std::string>();
  return {text != nullptr && equals(*text, "null"), nullptr};
}

Outcome to_integer(const Value& found, WideInteger& out) {
  if (const auto* number = found.get_if<double>()) return integer_of(*number, out);
  const auto* text = found.get_if<std::string>();
  return text == nullptr ? Outcome() : integer_of(*text, out);
}

Outcome to_double(const Value& found, double& out) {
  const auto* text = found.get_if<std::string>();
  if (text == nullptr) return {};
  if (non_finite(*text, out)) return {true, nullptr};
  if (!is_json_number(*text)) return {};
  out = parse_double(*text);
  return std::isfinite(out) ? Outcome{true, nullptr} : Outcome{false, "Number out of range"};
}

Value number_value(std::string_view text) {
  if (is_json_integer(text)) {
    const char* end = text.data() + text.size();
    std::int64_t number = 0;
    std::uint64_t large = 0;
    if (std::from_chars(text.data(), end, number).ec == std::errc()) return Value(number);
    if (text.front() != '-' && std::from_chars(text.data(), end, large).ec == std::errc()) return Value(large);
  }
  return Value(parse_double(text));
}

bool number_in(std::string_view text, Number& out) {
  if (is_json_integer(text)) {
    out.is_integer = std::from_chars(text.data(), text.data() + text.size(), out.integer).ec == std::errc();
    if (!out.is_integer) out.floating = parse_double(text);
    return true;
  }
  if (non_finite(text, out.floating)) return true;
  if (!is_json_number(text)) return false;
  out.floating = parse_double(text);
  return true;
}

}  // namespace structwire::lax
