// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/compare/constraints.hpp>

#include <cmath>
#include <limits>

#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

std::optional<long double> number_of(const std::optional<Value>& value) noexcept {
  if (!value) return std::nullopt;
  if (const auto* integer = value->get_if<std::int64_t>()) return static_cast<long double>(*integer);
  if (const auto* large = value->get_if<std::uint64_t>()) return static_cast<long double>(*large);
  if (const auto* number = value->get_if<double>()) return static_cast<long double>(*number);
  return std::nullopt;
}

long double power_of_two(unsigned exponent) noexcept { return std::ldexp(1.0L, static_cast<int>(exponent)); }

bool starts_below(const Interval& a, const Interval& b) noexcept {
  return a.low < b.low || (a.low == b.low && b.low_open && !a.low_open);
}
bool ends_above(const Interval& a, const Interval& b) noexcept {
  return a.high > b.high || (a.high == b.high && b.high_open && !a.high_open);
}

std::string text_of(const Value& value) {
  const auto* text = value.get_if<std::string>();
  return text != nullptr ? *text : json::encode(value);
}

/// The type without its rules, in words.
std::string range_text(const TypeSchema& type) {
  TypeSchema plain;
  plain.kind = type.kind;
  plain.bits = type.bits;
  plain.is_unsigned = type.is_unsigned;
  return "the range of " + in_words(plain);
}

std::string low_text(const TypeSchema& type, const Interval& interval) {
  const auto least = number_of(type.ge);
  if (type.gt && least != interval.low) return "up to " + text_of(*type.gt);
  if (least == interval.low) return "below " + text_of(*type.ge);
  return type.is_unsigned ? "below 0" : "below " + range_text(type);
}

std::string high_text(const TypeSchema& type, const Interval& interval) {
  const auto most = number_of(type.le);
  if (type.lt && most != interval.high) return "from " + text_of(*type.lt) + " on";
  if (most == interval.high) return "above " + text_of(*type.le);
  return "above " + range_text(type);
}

Crossing cross_numbers(const TypeSchema& written, const TypeSchema& read) {
  const Interval from = interval_of(written);
  const Interval to = interval_of(read);
  const bool bounded = read.ge || read.gt || read.le || read.lt;
  if (!bounded && starts_below(from, to) && ends_above(from, to)) return some("values outside " + range_text(read) + " are refused");
  std::string outside;
  if (starts_below(from, to)) outside = low_text(read, to);
  if (ends_above(from, to)) outside += (outside.empty() ? "" : " and ") + high_text(read, to);
  return outside.empty() ? Crossing{} : some("values " + outside + " are refused");
}

/// Bounds of dates, durations and decimals: their texts have no order here, so any change may refuse.
Crossing cross_text_bound(const std::optional<Value>& from, const std::optional<Value>& to, std::string_view sign) {
  if (!to || to->get_if<std::string>() == nullptr || from == to) return {};
  return some("values that are not " + std::string(sign) + " " + text_of(*to) + " are refused");
}

bool is_multiple(const Value& number, const Value& divisor) {
  const auto* whole = number.get_if<std::int64_t>();
  const auto* step = divisor.get_if<std::int64_t>();
  return number == divisor || (whole != nullptr && step != nullptr && *step != 0 && *whole % *step == 0);
}

Crossing cross_lengths(const TypeSchema& written, const TypeSchema& read) {
  const std::uint64_t from_least = written.size.value_or(written.min_length.value_or(0));
  const std::uint64_t from_most = written.size.value_or(written.max_length.value_or(std::numeric_limits<std::uint64_t>::max()));
  const std::uint64_t to_least = read.size.value_or(read.min_length.value_or(0));
  const std::uint64_t to_most = read.size.value_or(read.max_length.value_or(std::numeric_limits<std::uint64_t>::max()));
  if (from_most < to_least || from_least > to_most) return {Verdict::breaks, "every length is refused"};
  if (from_least < to_least) return some("lengths below " + std::to_string(to_least) + " are refused");
  if (from_most > to_most) return some("lengths above " + std::to_string(to_most) + " are refused");
  return {};
}

}  // namespace

Interval interval_of(const TypeSchema& type) {
  const long double infinity = std::numeric_limits<long double>::infinity();
  Interval range{-infinity, infinity};
  if (type.kind == TypeKind::integer) {
    const unsigned bits = type.bits == 0 || type.bits > 64 ? 64 : type.bits;
    range.low = type.is_unsigned ? 0 : -power_of_two(bits - 1);
    range.high = power_of_two(type.is_unsigned ? bits : bits - 1) - 1;
  }
  if (const auto low = number_of(type.ge); low && *low > range.low) range.low = *low;
  if (const auto low = number_of(type.gt); low && *low >= range.low) range.low = *low, range.low_open = true;
  if (const auto high = number_of(type.le); high && *high < range.high) range.high = *high;
  if (const auto high = number_of(type.lt); high && *high <= range.high) range.high = *high, range.high_open = true;
  if (type.kind == TypeKind::integer) {
    // The next integer inside.
    if (range.low_open) range.low = std::floor(range.low) + 1;
    if (range.high_open) range.high = std::ceil(range.high) - 1;
    range.low_open = range.high_open = false;
  }
  return range;
}

bool is_constrained(const TypeSchema& type) noexcept {
  return type.ge || type.gt || type.le || type.lt || type.multiple_of || type.min_length || type.max_length ||
         type.pattern || type.zoned || type.checked;
}

Crossing cross_constraints(const TypeSchema& written, const TypeSchema& read) {
  Crossing crossing;
  const bool numbers = read.kind == TypeKind::integer || read.kind == TypeKind::floating;
  if (numbers) crossing = cross_numbers(written, read);
  crossing = worse(std::move(crossing), cross_text_bound(written.ge, read.ge, ">="));
  crossing = worse(std::move(crossing), cross_text_bound(written.gt, read.gt, ">"));
  crossing = worse(std::move(crossing), cross_text_bound(written.le, read.le, "<="));
  crossing = worse(std::move(crossing), cross_text_bound(written.lt, read.lt, "<"));
  if (read.multiple_of && !(written.multiple_of && is_multiple(*written.multiple_of, *read.multiple_of))) {
    crossing = worse(std::move(crossing), some("values that are no multiple of " + text_of(*read.multiple_of) + " are refused"));
  }
  crossing = worse(std::move(crossing), cross_lengths(written, read));
  if (read.pattern && read.pattern != written.pattern) {
    crossing = worse(std::move(crossing), some("text that `" + *read.pattern + "` does not match is refused"));
  }
  if (read.zoned && read.zoned != written.zoned) {
    const Verdict verdict = written.zoned ? Verdict::breaks : Verdict::conditional;
    crossing = worse(std::move(crossing), {verdict, std::string("values with") + (*read.zoned ? "out a" : " a") + " time zone are refused"});
  }
  if (read.checked && !written.checked) {
    crossing = worse(std::move(crossing), some("values that the reader's own validator or codec turns down are refused"));
  }
  return crossing;
}

std::string constraint_text(const TypeSchema& type) {
  std::string text;
  const auto say = [&](std::string_view what, const std::string& value) {
    text += (text.empty() ? " (" : ", ") + std::string(what) + value;
  };
  if (type.ge) say(">= ", text_of(*type.ge));
  if (type.gt) say("> ", text_of(*type.gt));
  if (type.le) say("<= ", text_of(*type.le));
  if (type.lt) say("< ", text_of(*type.lt));
  if (type.multiple_of) say("multiple of ", text_of(*type.multiple_of));
  if (type.min_length) say("length >= ", std::to_string(*type.min_length));
  if (type.max_length) say("length <= ", std::to_string(*type.max_length));
  if (type.pattern) say("matching ", "`" + *type.pattern + "`");
  if (type.zoned) say(*type.zoned ? "with" : "without", " a time zone");
  if (type.checked) say("", "checked by the program");
  return text.empty() ? text : text + ")";
}

}  // namespace structwire::contract
