// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rules: what a struct says about its wire form that its types cannot say.
//
//   struct Message {
//     std::string text;
//     int priority = 0;
//     using wire = sw::Rules<sw::member<&Message::priority, sw::defaulted, sw::between(0, 9)>,
//                            sw::forbid_unknown_fields>;
//   };
//
// A rule is a value. Rules of one member go into `member`, rules of the whole struct stand beside it. For a
// struct that one cannot change, specialize `rules_for` beside its header:
//
//   template <> struct structwire::rules_for<Foreign> : structwire::Rules<…> {};
//
// Rules only hold data; core/plan.hpp gives them meaning and refuses what contradicts itself.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <structwire/core/reflect.hpp>

namespace structwire {

/// Text as a template argument.
template <std::size_t Size>
struct FixedText {
  char characters[Size + 1]{};
  consteval FixedText(const char (&text)[Size + 1]) {
    for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
  }
  constexpr std::string_view view() const noexcept { return {characters, Size}; }
};
template <std::size_t Size>
FixedText(const char (&)[Size]) -> FixedText<Size - 1>;

namespace rule {

struct Defaulted {};
struct Required {};
struct OmitEmpty {};
struct AllDefaulted {};
struct ForbidUnknownFields {};

template <FixedText Text>
struct Name {};
struct Number {
  std::uint32_t number;
};

/// A bound on a number. `Bound` is the bound's own type, std::int64_t or double.
template <class Limit>
struct AtLeast {
  Limit limit;
};
template <class Limit>
struct AtMost {
  Limit limit;
};
template <class Limit>
struct Above {
  Limit limit;
};
template <class Limit>
struct Below {
  Limit limit;
};
template <class Limit>
struct Between {
  Limit low;
  Limit high;
};
struct MinLength {
  std::size_t length;
};
struct MaxLength {
  std::size_t length;
};

template <auto... Pointers>
struct Members {
  static constexpr std::size_t size = sizeof...(Pointers);
};

template <auto Pointer, auto... MemberRules>
struct Member {
  static constexpr std::string_view declared_name = reflect::pointer_name<Pointer>;
};

template <class Number>
using Widest = std::conditional_t<std::is_floating_point_v<Number>, double, std::int64_t>;

}  // namespace rule

// ---- rules of a member ----

/// May be absent: it then takes the value of its initializer.
inline constexpr rule::Defaulted defaulted{};
/// Must be present, also in a struct with all_defaulted, also when it is a std::optional.
inline constexpr rule::Required required{};
/// Left out of the output while it is empty (an empty optional, Raw, text or container).
inline constexpr rule::OmitEmpty omit_empty{};
/// The name on the wire, in place of the member's own.
template <FixedText Text>
inline constexpr rule::Name<Text> name{};
/// The number on the wire of numbered formats, in place of the member's position counted from 1.
template <std::uint32_t Number>
inline constexpr rule::Number number{Number};

/// Bounds of a number. Two bounds on one member both hold.
template <class N>
consteval auto ge(N limit) {
  return rule::AtLeast<rule::Widest<N>>{limit};
}
template <class N>
consteval auto gt(N limit) {
  return rule::Above<rule::Widest<N>>{limit};
}
template <class N>
consteval auto le(N limit) {
  return rule::AtMost<rule::Widest<N>>{limit};
}
template <class N>
consteval auto lt(N limit) {
  return rule::Below<rule::Widest<N>>{limit};
}
/// From `low` to `high`, both included.
template <class N>
consteval auto between(N low, N high) {
  return rule::Between<rule::Widest<N>>{low, high};
}
/// Bounds of a length: code points of text, bytes, items, entries.
consteval rule::MinLength min_length(std::size_t length) { return {length}; }
consteval rule::MaxLength max_length(std::size_t length) { return {length}; }

// ---- rules of a struct ----

/// The rules of one member.
template <auto Pointer, auto... MemberRules>
inline constexpr rule::Member<Pointer, MemberRules...> member{};
/// Every member may be absent.
inline constexpr rule::AllDefaulted all_defaulted{};
/// A field that the struct does not declare is an error; without this rule it is skipped.
inline constexpr rule::ForbidUnknownFields forbid_unknown_fields{};
/// The members in wire order, where the language cannot list them: private members, bases with members,
/// classes with constructors, more than 128 members.
template <auto... Pointers>
inline constexpr rule::Members<Pointers...> members{};

/// A struct's rules: `using wire = Rules<…>` inside it.
template <auto... Rule>
struct Rules {};

/// Rules of a struct that has no `wire` of its own.
template <class T>
struct rules_for : Rules<> {};

// ---- enums ----

/// How an enum is written: by_value or by_name of its enumerators. Every enum on a wire lists them:
///   template <> inline constexpr auto structwire::enum_values<Color> = structwire::by_name<Color::red, Color::green>;
template <class E>
inline constexpr auto enum_values = nullptr;

template <class E, std::size_t Count, bool Named>
struct EnumTable {
  static constexpr bool named = Named;
  std::array<E, Count> values;
  std::array<std::string_view, Count> names;

  /// Position of an enumerator in the table; Count when it is not listed.
  constexpr std::size_t position(E value) const noexcept {
    std::size_t i = 0;
    while (i < Count && values[i] != value) ++i;
    return i;
  }
  constexpr std::size_t position(std::string_view name) const noexcept {
    std::size_t i = 0;
    while (i < Count && names[i] != name) ++i;
    return i;
  }
};

/// On the wire: the enumerator's own name, as text.
template <auto First, auto... Rest>
inline constexpr EnumTable<std::remove_const_t<decltype(First)>, 1 + sizeof...(Rest), true> by_name{
    {First, Rest...}, {reflect::enumerator_name<First>, reflect::enumerator_name<Rest>...}};
/// On the wire: the enumerator's integer.
template <auto First, auto... Rest>
inline constexpr EnumTable<std::remove_const_t<decltype(First)>, 1 + sizeof...(Rest), false> by_value{
    {First, Rest...}, {reflect::enumerator_name<First>, reflect::enumerator_name<Rest>...}};

}  // namespace structwire
