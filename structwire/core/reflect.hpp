// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the language tells about a plain struct: how many members it has, their names, references to them; and
// the names of enumerators. The C++23 back-end: aggregate initialization counts, structured bindings reach,
// and the compiler's own spelling of a pointer (`__PRETTY_FUNCTION__`) names. Nothing else in the library
// parses compiler output. Rules, wire names and refusals are core/plan.hpp's business.

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/reflect_table.hpp>

namespace structwire::reflect {

inline constexpr std::size_t member_count_max = 128;

/// Converts to anything, so that `T{Anything{}, …}` compiles exactly while T has that many members.
struct Anything {
  // Never called. It has a body all the same, because Clang asks for one where T has no linkage.
  template <class T>
  operator T() const noexcept {
    __builtin_unreachable();
  }
};

/// Converts to the bases of T only.
template <class T>
struct AnyBaseOf {
  template <class Base>
    requires(std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>)
  operator Base() const noexcept {
    __builtin_unreachable();
  }
};

template <class T, class... Bases>
concept BraceConstructible = requires { T{std::declval<Bases>()...}; };

/// True when the aggregate T has a base class: its members cannot be reached by structured bindings alone.
template <class T>
inline constexpr bool has_base = BraceConstructible<T, AnyBaseOf<T>>;

template <class T, std::size_t... I>
consteval bool takes_initializers(std::index_sequence<I...>) {
  return requires { T{(void(I), Anything{})...}; };
}

template <class T, std::size_t Count>
inline constexpr bool takes = takes_initializers<T>(std::make_index_sequence<Count>{});

// An aggregate takes every count up to its arity and none above it, so a binary search finds the arity.
// (Reference members break the rule from below; plan.hpp refuses what this then reports as too large.)
template <class T, std::size_t Low, std::size_t High>
consteval std::size_t search_arity() {
  if constexpr (Low == High) {
    return Low;
  } else {
    constexpr std::size_t middle = Low + (High - Low + 1) / 2;
    if constexpr (takes<T, middle>) {
      return search_arity<T, middle, High>();
    } else {
      return search_arity<T, Low, middle - 1>();
    }
  }
}

/// Number of members of the aggregate T; `member_count_max + 1` when there are more than the table reaches.
template <class T>
inline constexpr std::size_t member_count = search_arity<T, 0, member_count_max + 1>();

template <class T, std::size_t... Before, std::size_t... After>
consteval bool takes_braces_at(std::index_sequence<Before...>, std::index_sequence<After...>) {
  return requires { T{(void(Before), Anything{})..., {}, (void(After), Anything{})...}; };
}
template <class T, std::size_t... Before>
consteval bool takes_two_in_braces_at(std::index_sequence<Before...>) {
  return requires { T{(void(Before), Anything{})..., {Anything{}, Anything{}}}; };
}

// The initializers of a C array may be written without its braces, so each of its elements was counted as a
// member. With braces around the first one the others are too many.
template <class T, std::size_t I>
consteval bool is_c_array_at() {
  using Before = std::make_index_sequence<I>;
  if constexpr (takes_braces_at<T>(Before{}, std::make_index_sequence<member_count<T> - I - 1>{})) {
    return false;
  } else {
    // A member without a default constructor takes no empty braces either; it is left to the compiler's words.
    return takes_two_in_braces_at<T>(Before{});
  }
}

/// True when a member of the aggregate T is a C array of more than one element.
template <class T>
inline constexpr bool has_c_array = []<std::size_t... I>(std::index_sequence<I...>) {
  return (is_c_array_at<T, I>() || ...);
}(std::make_index_sequence<member_count<T>>{});

// An object that is never defined: only the addresses of its members are used, in constant expressions, to
// get the compiler to spell their names.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
template <class T>
struct FakeObject {
  T value;
  static const FakeObject object;
};

template <class Pointer>
struct MemberAddress {
  Pointer pointer;
};
template <class Pointer>
MemberAddress(Pointer) -> MemberAddress<Pointer>;

template <class T, std::size_t I>
consteval auto fake_member_address() {
  return MemberAddress{
      std::addressof(tied_member<I>(tie_members<member_count<T>>(FakeObject<T>::object.value)))};
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

template <auto Subject>
consteval std::string_view spelling() {
  return __PRETTY_FUNCTION__;
}

consteval bool is_name_character(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The last identifier of a compiler's spelling. GCC writes `… [with auto Subject = …value.S::member)}; …]`,
// Clang `… [Subject = …value.member}]`: what follows the name is only punctuation, `&`, and on GCC the alias
// `std::string_view = …`, which is cut off first.
consteval std::string_view last_identifier(std::string_view text) {
  if (auto cut = text.find("; std::string_view"); cut != text.npos) text = text.substr(0, cut);
  std::size_t end = text.size();
  while (end > 0 && !is_name_character(text[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_name_character(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

// Names are copied out of the compiler's spelling so that a program does not carry the long spellings.
template <std::size_t Size>
struct StaticName {
  std::array<char, Size + 1> characters{};
  consteval explicit StaticName(std::string_view text) {
    for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
  }
  constexpr std::string_view view() const noexcept { return {characters.data(), Size}; }
};

// The type stands there for its linkage. Without it, the names of two enums that are called alike, in unnamed namespaces
// of two files, would be one symbol to the linker: GCC and Clang do not look at the type of a value for that.
template <auto Subject, class Type = decltype(Subject)>
inline constexpr auto static_name =
    StaticName<last_identifier(spelling<Subject>()).size()>(last_identifier(spelling<Subject>()));

/// The declared name of the I-th member of the aggregate T.
template <class T, std::size_t I>
inline constexpr std::string_view member_name = static_name<fake_member_address<T, I>()>.view();

/// The declared name of the member that a pointer to member points to.
template <auto Pointer>
  requires std::is_member_object_pointer_v<decltype(Pointer)>
inline constexpr std::string_view pointer_name = static_name<Pointer>.view();

// The function's own name in its spelling: what stands last, without the arguments of a template, which only GCC adds.
// Names that begin with `_` are the compiler's own, for lambdas.
consteval std::string_view function_identifier(std::string_view text) {
  if (auto cut = text.find("; std::string_view"); cut != text.npos) text = text.substr(0, cut);
  if (text.ends_with(']')) text.remove_suffix(1);
  for (int open = 0; text.ends_with('>') || open != 0; text.remove_suffix(1)) {
    if (text.empty()) return {};
    open += (text.back() == '>') - (text.back() == '<');
  }
  if (text.empty() || !is_name_character(text.back())) return {};
  const std::string_view name = last_identifier(text);
  return name.starts_with('_') ? std::string_view() : name;
}

template <auto Function>
inline constexpr auto static_function_name = StaticName<function_identifier(spelling<Function>()).size()>(
    function_identifier(spelling<Function>()));

/// The declared name of a function or member function; empty for lambdas and other objects that can be called.
template <auto Function>
inline constexpr std::string_view function_name{};
template <auto Function>
  requires(std::is_pointer_v<decltype(Function)> || std::is_member_function_pointer_v<decltype(Function)>)
inline constexpr std::string_view function_name<Function> = static_function_name<Function>.view();

/// The enumerator's own name (without its scope).
template <auto Enumerator>
  requires std::is_enum_v<decltype(Enumerator)>
inline constexpr std::string_view enumerator_name = static_name<Enumerator>.view();

template <class Subject>
consteval std::string_view type_spelling() {
  return __PRETTY_FUNCTION__;
}

// `… [with Subject = a::Name<…>; …]` and `… [Subject = a::Name<…>]`: the name without scope and arguments.
consteval std::string_view type_identifier(std::string_view text) {
  constexpr std::string_view before = "Subject = ";
  text.remove_prefix(text.find(before) + before.size());
  return last_identifier(text.substr(0, text.find_first_of("<;]")));
}

template <class T>
inline constexpr auto static_type_name =
    StaticName<type_identifier(type_spelling<T>()).size()>(type_identifier(type_spelling<T>()));

/// The type's own name, without its scope and its template arguments.
template <class T>
inline constexpr std::string_view type_name = static_type_name<T>.view();

template <class T, std::size_t I>
using MemberType =
    std::remove_reference_t<decltype(tied_member<I>(tie_members<member_count<T>>(std::declval<T&>())))>;

}  // namespace structwire::reflect
