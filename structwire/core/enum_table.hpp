// SPDX-License-Identifier: Apache-2.0
#pragma once

// Enums on the wire: by name or by value, always from a list.
//
//   enum class Color { red, green, other };
//   template <> inline constexpr auto structwire::enum_values<Color> = structwire::by_name<
//       Color::red, sw::enumerator<Color::green, "light green">, sw::catch_all<Color::other>, sw::ignore_case>;
//
// The entries of a list: enumerators; `enumerator<E::x, "text">`, one with a wire text that is not its name;
// `catch_all<E::x>`, what every unlisted value decodes to; `ignore_case`, for names; `description<"…">`, for schemas.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <structwire/core/reflect.hpp>
#include <structwire/core/rules.hpp>

namespace structwire {

namespace rule {
template <auto Enumerator, FixedText Text>
struct EnumeratorText {};
template <auto Enumerator>
struct CatchAll {};
struct IgnoreCase {};
}  // namespace rule

template <auto Enumerator, FixedText Text>
inline constexpr rule::EnumeratorText<Enumerator, Text> enumerator{};
/// Every value that the list does not have decodes to this enumerator, which is written like the others.
template <auto Enumerator>
inline constexpr rule::CatchAll<Enumerator> catch_all{};
/// Names are understood in any case of their ASCII letters, and written as listed.
inline constexpr rule::IgnoreCase ignore_case{};

/// The list of an enum's values; specialized for every enum on a wire.
template <class E>
inline constexpr auto enum_values = nullptr;

namespace enum_detail {

template <FixedText Text>
inline constexpr FixedText kept_text = Text;

template <auto Entry>
struct Read {
  static constexpr bool listed = true;
  static constexpr bool catches = false;
  static constexpr auto value = Entry;
  static constexpr std::string_view name = reflect::enumerator_name<Entry>;
};
template <auto Enumerator, FixedText Text>
struct ReadText {
  static constexpr bool listed = true;
  static constexpr bool catches = false;
  static constexpr auto value = Enumerator;
  static constexpr std::string_view name = kept_text<Text>.view();
};
template <auto Entry, class Type>
struct Choose : Read<Entry> {};
template <auto Entry, auto Enumerator, FixedText Text>
struct Choose<Entry, rule::EnumeratorText<Enumerator, Text>> : ReadText<Enumerator, Text> {};
template <auto Entry, auto Enumerator>
struct Choose<Entry, rule::CatchAll<Enumerator>> : Read<Enumerator> {
  static constexpr bool catches = true;
};
template <auto Entry>
struct Choose<Entry, rule::IgnoreCase> {
  static constexpr bool listed = false;
  static constexpr bool catches = false;
};
template <auto Entry, FixedText Text>
struct Choose<Entry, rule::Description<Text>> {
  static constexpr bool listed = false;
  static constexpr bool catches = false;
  static constexpr std::string_view description = kept_text<Text>.view();
};
template <auto Entry>
using Of = Choose<Entry, std::remove_cvref_t<decltype(Entry)>>;

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace enum_detail

template <class E, std::size_t Count, bool Named>
struct EnumTable {
  static constexpr bool named = Named;
  std::array<E, Count> values{};
  std::array<std::string_view, Count> names{};
  std::size_t fallback = Count;  ///< Position of the catch-all; Count when there is none.
  bool any_case = false;
  std::string_view description{};  ///< For schemas.

  /// Position of an enumerator in the table; Count when it is not listed.
  constexpr std::size_t position(E value) const noexcept {
    std::size_t i = 0;
    while (i < Count && values[i] != value) ++i;
    return i;
  }
  /// Position of a wire name, of the catch-all when there is one; else Count.
  constexpr std::size_t position(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < Count; ++i) {
      if (names[i] == name) return i;
    }
    for (std::size_t i = 0; any_case && i < Count; ++i) {
      if (enum_detail::equal_ignoring_case(names[i], name)) return i;
    }
    return fallback;
  }
  /// Position of a wire integer, of the catch-all when there is one; else Count.
  constexpr std::size_t position_of_number(std::int64_t number) const noexcept {
    for (std::size_t i = 0; i < Count; ++i) {
      if (static_cast<std::int64_t>(values[i]) == number) return i;
    }
    return fallback;
  }
};

namespace enum_detail {

template <bool Named, auto First, auto... Rest>
consteval auto make_table() {
  using E = std::remove_const_t<decltype(Of<First>::value)>;
  constexpr std::size_t count = (std::size_t{Of<First>::listed} + ... + std::size_t{Of<Rest>::listed});
  EnumTable<E, count, Named> table;
  std::size_t next = 0;
  const auto add = [&]<class Entry>() {
    if constexpr (Entry::listed) {
      if (Entry::catches) table.fallback = next;
      table.values[next] = Entry::value;
      table.names[next++] = Entry::name;
    } else if constexpr (requires { Entry::description; }) {
      table.description = Entry::description;
    } else {
      table.any_case = true;
    }
  };
  add.template operator()<Of<First>>();
  (add.template operator()<Of<Rest>>(), ...);
  return table;
}

template <class E>
struct TableOf {
  static constexpr const auto& table = enum_values<E>;
};
template <class E>
  requires(std::is_null_pointer_v<std::remove_cvref_t<decltype(enum_values<E>)>>)
struct TableOf<E> {
  static_assert(sizeof(E) == 0,
                "structwire: list the enum's values: `template <> inline constexpr auto "
                "structwire::enum_values<E> = structwire::by_name<E::a, E::b>;` (or by_value)");
  static constexpr EnumTable<E, 0, true> table{};
};

}  // namespace enum_detail

/// The list of an enum that is on a wire; does not compile for one that has none.
template <class E>
inline constexpr const auto& enum_table = enum_detail::TableOf<E>::table;

/// On the wire: the enumerator's own name, as text.
template <auto First, auto... Rest>
inline constexpr auto by_name = enum_detail::make_table<true, First, Rest...>();
/// On the wire: the enumerator's integer.
template <auto First, auto... Rest>
inline constexpr auto by_value = enum_detail::make_table<false, First, Rest...>();

}  // namespace structwire
