// SPDX-License-Identifier: Apache-2.0
#pragma once

// The members of a plain struct by C++26 reflection, for the peers that have none of their own.

#include <cstddef>
#include <meta>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace codec_bench {

consteval bool is_ours(std::meta::info type) {
  return std::meta::has_parent(type) && std::meta::parent_of(type) == ^^codec_bench;
}

/// A struct of shapes/, and nothing of a library.
template <class T>
concept Struct = std::is_class_v<T> && std::is_aggregate_v<T> && is_ours(^^T);

template <class T>
inline constexpr auto members_of = std::define_static_array(
    std::meta::nonstatic_data_members_of(^^T, std::meta::access_context::unchecked()));

template <class T>
inline constexpr std::size_t member_count = members_of<T>.size();

/// Calls visit(name, reference) for each member in order; the name is a string literal's array.
template <class T, class Visit>
constexpr void for_each_member(T& object, Visit&& visit) {
  template for (constexpr auto member : members_of<std::remove_const_t<T>>) {
    visit(std::define_static_string(std::meta::identifier_of(member)), object.[:member:]);
  }
}

/// Calls call(reference, reference, …).
template <class T, class Call>
constexpr decltype(auto) with_members(T& object, Call&& call) {
  using Plain = std::remove_const_t<T>;
  return [&]<std::size_t... I>(std::index_sequence<I...>) -> decltype(auto) {
    return std::forward<Call>(call)(object.[:members_of<Plain>[I]:]...);
  }(std::make_index_sequence<member_count<Plain>>{});
}

template <std::size_t Size>
struct Text {
  char text[Size + 1];
};

/// A member's name as the array that a literal of it is.
template <std::meta::info Member>
inline constexpr auto name_of = [] {
  constexpr std::string_view name = std::define_static_string(std::meta::identifier_of(Member));
  Text<name.size()> out{};
  for (std::size_t i = 0; i < name.size(); ++i) out.text[i] = name[i];
  return out;
}();

/// Calls call(name, reference, name, reference, …).
template <class T, class Call>
constexpr decltype(auto) with_names_and_members(T& object, Call&& call) {
  using Plain = std::remove_const_t<T>;
  return [&]<std::size_t... I>(std::index_sequence<I...>) -> decltype(auto) {
    return std::apply(std::forward<Call>(call),
                      std::tuple_cat(std::tie(name_of<members_of<Plain>[I]>.text, object.[:members_of<Plain>[I]:])...));
  }(std::make_index_sequence<member_count<Plain>>{});
}

}  // namespace codec_bench
