// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a change of a contract does to peers and stored data, by rule:
//
//   for (const Difference& each : contract::differences(before, after, WireForm::json)) …
//
// Two directions are judged. *Backward*: the new program reads what the old one wrote. *Forward*: the old program
// reads what the new one writes. A verdict is about the messages that the writing side's encoder can make, whatever
// the data in them. Backward, it is also about messages that leave out what the old contract let them leave out, as
// older versions and clients in other languages do. What a codec or validator of the program does is not known.
//
// Each difference is one row of the rule table below (rules()), found once, at the first path that leads to it:
// a struct that is used in several places is compared once, so recursive structs end. The order is that of the members.
// The Schemas may come from files: references that lead nowhere, and nesting beyond depth_max, are differences too
// (`broken_schema`), never a crash. Pure: safe from any thread; no errors, but for memory.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/contract/schema.hpp>

namespace structwire::contract {

/// The bytes that are judged. Whether a struct is a map or an array, the Schema says.
enum class WireForm : std::uint8_t { json, msgpack };

/// From harmless to worst. Their order is their weight.
enum class Verdict : std::uint8_t {
  compatible,   ///< Every message arrives and means what it meant.
  conditional,  ///< Some messages are refused with an error: those with a value that the other side does not take.
  breaks,       ///< Every message that has a value at the path is refused with an error.
  silent,       ///< Some message arrives without an error and means something else.
};

std::string_view name_of(WireForm form) noexcept;
std::string_view name_of(Verdict verdict) noexcept;

/// One kind of change. Names are stable: they stand in snapshots and on command lines.
struct Rule {
  std::string_view name;
  std::string_view change;  ///< What was done: "a member without a default was added".
  std::string_view advice;  ///< What to do instead, one sentence; empty where nothing can go wrong.
};

/// Every rule, in the order of the documentation.
std::span<const Rule> rules() noexcept;
/// nullptr when there is none of that name.
const Rule* find_rule(std::string_view name) noexcept;

struct Difference {
  std::string rule;
  /// From the root's name: `Order.items[].price`; `{}` the values of a map, `{key}` its keys, `[2]` an item of a
  /// tuple, `<Circle>` an alternative of a union.
  std::string path;
  WireForm form = WireForm::json;
  Verdict backward = Verdict::compatible;
  Verdict forward = Verdict::compatible;
  /// What it was and what it is, shortly: `int32`, `int64`. Empty where there was, or is, nothing.
  std::string before;
  std::string after;
  /// What happens in each direction, a sentence each; empty where it is compatible and there is nothing to tell.
  std::string backward_detail;
  std::string forward_detail;
  /// What to do instead; empty when both verdicts are compatible.
  std::string advice;

  /// Both sentences.
  std::string detail() const;

  bool operator==(const Difference&) const = default;
  using wire = Rules<omit_defaults>;
};

/// What differs on the wire in this form; texts for people and C++ names are not looked at. Changes that are harmless
/// in both directions are listed too. Empty when nothing on the wire has changed.
std::vector<Difference> differences(const Schema& before, const Schema& after, WireForm form);

/// Which peers a change must not break.
enum class Level : std::uint8_t {
  backward,  ///< New programs read old data.
  forward,   ///< Old programs read new data.
  full,      ///< Both.
};

std::string_view name_of(Level level) noexcept;

/// True when the difference is worse than compatible in a direction that the level asks for.
bool breaks(const Difference& difference, Level level) noexcept;

/// A type in words: `int64`, `Item[]`, `str | null`, `int32 (>= 0)`.
std::string in_words(const TypeSchema& type);

/// Nesting of types that is looked at.
inline constexpr std::size_t schema_depth_max = 256;

}  // namespace structwire::contract

template <>
inline constexpr auto structwire::enum_values<structwire::contract::WireForm> =
    structwire::by_name<structwire::contract::WireForm::json, structwire::contract::WireForm::msgpack>;

template <>
inline constexpr auto structwire::enum_values<structwire::contract::Verdict> = [] {
  using enum structwire::contract::Verdict;
  return structwire::by_name<compatible, conditional, breaks, silent>;
}();

template <>
inline constexpr auto structwire::enum_values<structwire::contract::Level> = [] {
  using enum structwire::contract::Level;
  return structwire::by_name<backward, forward, full>;
}();
