// SPDX-License-Identifier: Apache-2.0
#pragma once

// What divergence rules ask of rows and outcomes.

#include <algorithm>
#include <set>
#include <string>

#include <structwire/json.hpp>
#include <tests/msgspec/corpus_notation.hpp>
#include <tests/msgspec/corpus_row.hpp>

namespace structwire::testing::corpus {

inline bool is_plain(const Outcome& ours) { return !ours.error && !ours.encode_error; }
inline bool is_refused(const Outcome& ours) { return ours.error || ours.encode_error; }
/// Whether msgspec's message, or ours, has this part.
inline bool says(const Row& row, std::string_view part) {
  return row.error && row.error->find(part) != std::string::npos;
}
inline bool says(const Outcome& ours, std::string_view part) {
  return ours.error && ours.error->message().find(part) != std::string::npos;
}
inline bool has_code(const Outcome& ours, ErrorCode code) {
  return ours.error && ours.error->code() == code;
}
inline bool is_same_value(const Row& row, const Outcome& ours) {
  return row.ok && row.value && ours.value && in_order(*row.value) == in_order(*ours.value);
}
/// `text` with the first `from` replaced.
std::string replaced(std::string text, std::string_view from, std::string_view to);

/// All bytes that the row gives us to read.
std::string raw_input(const Row& row);
/// The input read without a type; null where it has no such form.
Value untyped_input(const Row& row);
/// Whether the input has a run of this many digits.
bool has_digits(const Row& row, std::size_t count);
/// Digits as many as a wide integer has, in numbers and texts, or MessagePack's uint64 with its
/// highest bit.
bool has_wide_integer(const Row& row);

/// Whether a part of the value is as the predicate says.
template <class Predicate>
bool any_part(const Value& value, Predicate predicate) {
  if (predicate(value)) return true;
  if (const auto* items = value.get_if<Value::Array>()) {
    return std::ranges::any_of(*items,
                               [&](const Value& item) { return any_part(item, predicate); });
  }
  const auto* map = value.get_if<Value::Map>();
  return map != nullptr && std::ranges::any_of(*map, [&](const Value::Entry& entry) {
           return any_part(entry.key, predicate) || any_part(entry.value, predicate);
         });
}
template <class Predicate>
bool any_text(const Value& value, Predicate predicate) {
  return any_part(value, [&](const Value& part) {
    const auto* text = part.get_if<std::string>();
    return text != nullptr && predicate(*text);
  });
}

/// The value with doubles for all integers: Python has both.
Value with_doubles(const Value& value);
/// The value with "0" for the text "-0".
Value without_signs_of_zero(const Value& value);
/// The value with each text as Python's PurePosixPath writes it: no doubled slash, no `.`, no slash at the end.
Value with_python_paths(const Value& value);
/// Whether value and output of the row, where it has them, are ours when `change` was made to both.
bool is_same_but_for(Value (*change)(const Value&), const Row& row, const Outcome& ours);
/// Whether the message says that it got one of these: `datetime.timedelta` is a duration.
bool names_native(std::string_view message, const std::set<std::string>& natives);

}  // namespace structwire::testing::corpus
