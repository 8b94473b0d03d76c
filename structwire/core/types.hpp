// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which C++ types are which kind of value. One concept per shape; core's loops choose by them, and what is
// none of them is refused with a sentence that says what to write instead.

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <structwire/core/buffer.hpp>
#include <structwire/core/raw.hpp>
#include <structwire/core/rules.hpp>
#include <structwire/core/value.hpp>

namespace structwire {

template <class T>
concept CharacterType = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
                        std::same_as<T, char16_t> || std::same_as<T, char32_t>;

template <class T>
concept BooleanType = std::same_as<T, bool>;

template <class T>
concept IntegerType = std::integral<T> && !BooleanType<T> && !CharacterType<T> && sizeof(T) <= 8;

template <class T>
concept FloatingType = std::same_as<T, float> || std::same_as<T, double>;

template <class T>
concept TextType = std::same_as<T, std::string> || std::same_as<T, std::string_view>;

/// Only sequences of std::byte are binary; std::vector<std::uint8_t> is an array of numbers.
template <class T>
concept BytesType = std::same_as<T, Bytes> || std::same_as<T, Buffer>;

template <class T>
concept EnumType = std::is_enum_v<T> && !std::same_as<T, std::byte>;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_optional<std::unique_ptr<T>> = true;

/// Null or a value: std::optional, and std::unique_ptr for recursive structs.
template <class T>
concept OptionalType = is_optional<T>;

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t Size>
inline constexpr bool is_std_array<std::array<T, Size>> = true;

template <class T>
concept FixedArrayType = is_std_array<T>;

template <class T>
concept MapType = requires(T map, typename T::key_type key) {
  typename T::mapped_type;
  map.try_emplace(std::move(key));
  map.clear();
};

template <class T>
concept ArrayType = !TextType<T> && !BytesType<T> && !MapType<T> && requires(T items) {
  typename T::value_type;
  items.emplace_back();
  items.resize(std::size_t{});
  items.size();
};

template <class T>
concept ValueType = std::same_as<T, Value>;
template <class T>
concept RawType = std::same_as<T, Raw>;

template <auto... Rule>
Rules<Rule...> as_rules(const Rules<Rule...>&);

template <class T>
struct FindRules {
  using type = decltype(as_rules(std::declval<rules_for<T>>()));
};
template <class T>
  requires requires { typename T::wire; }
struct FindRules<T> {
  using type = decltype(as_rules(std::declval<typename T::wire>()));
};
/// The Rules<…> that apply to T: its own `wire`, else rules_for<T>.
template <class T>
using RulesOf = typename FindRules<T>::type;

template <class Rule>
inline constexpr bool is_member_list = false;
template <auto... Pointers>
inline constexpr bool is_member_list<rule::Members<Pointers...>> = true;

template <class RuleSet>
inline constexpr bool lists_members = false;
template <auto... Rule>
inline constexpr bool lists_members<Rules<Rule...>> =
    (is_member_list<std::remove_cvref_t<decltype(Rule)>> || ...);

template <class T>
concept StructType =
    std::is_class_v<T> && !TextType<T> && !BytesType<T> && !OptionalType<T> && !FixedArrayType<T> &&
    !MapType<T> && !ArrayType<T> && !ValueType<T> && !RawType<T> &&
    (std::is_aggregate_v<T> || lists_members<RulesOf<T>>);

template <class T>
concept WireType = BooleanType<T> || IntegerType<T> || FloatingType<T> || TextType<T> || BytesType<T> ||
                   EnumType<T> || OptionalType<T> || FixedArrayType<T> || MapType<T> || ArrayType<T> ||
                   ValueType<T> || RawType<T> || StructType<T>;

template <class T>
inline constexpr bool always_false = false;

/// Fails to compile, with the remedy, for a type that no format can carry.
template <class T>
consteval void refuse_unsupported() {
  if constexpr (CharacterType<T>) {
    static_assert(always_false<T>,
                  "structwire: `char` is neither a number nor text: use std::string, or std::int8_t / "
                  "std::uint8_t for a number");
  } else if constexpr (std::same_as<T, std::byte>) {
    static_assert(always_false<T>, "structwire: a lone std::byte has no wire form: use sw::Bytes");
  } else if constexpr (std::is_pointer_v<T> || std::is_reference_v<T>) {
    static_assert(always_false<T>,
                  "structwire: pointers and references have no wire form: hold the value itself, or "
                  "std::unique_ptr for a nullable or recursive one");
  } else if constexpr (std::is_union_v<T>) {
    static_assert(always_false<T>, "structwire: unions have no wire form: use std::optional members");
  } else if constexpr (std::is_array_v<T>) {
    static_assert(always_false<T>, "structwire: C arrays have no wire form: use std::array");
  } else if constexpr (std::same_as<T, long double>) {
    static_assert(always_false<T>, "structwire: long double has no portable wire form: use double");
  } else if constexpr (std::is_class_v<T>) {
    static_assert(always_false<T>,
                  "structwire: this class is no aggregate, so its members cannot be seen: list them with "
                  "`using wire = sw::Rules<sw::members<&T::a, &T::b>>` or sw::rules_for<T>");
  } else {
    static_assert(always_false<T>, "structwire: this type has no wire form");
  }
}

}  // namespace structwire
