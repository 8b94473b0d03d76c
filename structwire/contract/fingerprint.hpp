// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fingerprints: 64 bits that tell whether two structs have the same wire form.
//
//   constexpr sw::Fingerprint print = sw::wire_fingerprint<Message>;
//
// A fingerprint covers what a decoder must know: wire names, numbers, types, their order, and which members
// may be absent. It does not cover C++ names of structs, the values of defaults, or constraints. It is made
// at compile time from a canonical text, and that text is the same from every compiler: integers are told by
// width and sign, never by their spelling.
//
// The text of one struct holds the fingerprints of the structs inside it, not their texts, so that each is
// hashed once. A struct inside itself is written as `^k`, where k counts the structs outward.
// The hash is SHA-256, cut to its first 64 bits.

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/contract/sha256.hpp>
#include <structwire/core/plan.hpp>

namespace structwire {

/// 64 bits of a digest, big-endian: the number reads like the digest's first 16 hex digits.
using Fingerprint = std::uint64_t;

namespace fingerprint_detail {

// A Sink takes the canonical text: `add(std::string_view)`. In constant expressions it is the hasher itself,
// because libstdc++ 12 has no std::string there on Clang.
struct StringSink {
  std::string text;
  void add(std::string_view piece);
};

template <class Sink>
constexpr void add_decimal(Sink& sink, std::uint64_t number) {
  if (number >= 10) add_decimal(sink, number / 10);
  sink.add(std::string_view("0123456789").substr(number % 10, 1));
}

template <class Sink>
constexpr void add_hex(Sink& sink, Fingerprint number) {
  for (int shift = 60; shift >= 0; shift -= 4) {
    sink.add(std::string_view("0123456789abcdef").substr(number >> shift & 15, 1));
  }
}

template <class Sink>
constexpr void add_quoted(Sink& sink, std::string_view name) {
  sink.add("\"");
  sink.add(name);
  sink.add("\"");
}

template <class Sink>
constexpr void add_signed(Sink& sink, std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  if (number < 0) sink.add("-");
  add_decimal(sink, number < 0 ? std::uint64_t{0} - bits : bits);
}

// How many structs outward T stands; sizeof...(Outer) when it is not among them.
template <class T, class... Outer>
consteval std::size_t distance_to() {
  std::size_t distance = 0;
  [[maybe_unused]] bool found = false;
  ((found = found || std::is_same_v<T, Outer>, distance += !found), ...);
  return distance;
}

template <class T, class... Outer, class Sink>
constexpr void add_type(Sink& sink);

template <class T, class... Outer, class Sink>
constexpr void add_struct(Sink& sink) {
  using P = Plan<T>;
  sink.add("struct{");
  if constexpr (P::array_like) sink.add("[];");
  if constexpr (P::tagged) {
    sink.add("@");
    add_quoted(sink, P::tag.field);
    sink.add("=");
    if constexpr (P::tag.kind == TagKind::text) {
      add_quoted(sink, P::tag.text);
    } else {
      add_signed(sink, P::tag.number);
    }
    sink.add(";");
  }
  for_each_member<P>([&](auto i) {
    const MemberPlan& member = P::members[i];
    add_quoted(sink, member.wire_name);
    sink.add("#");
    add_decimal(sink, member.number);
    sink.add(member.required ? "!" : member.defaulted ? "=" : "?");
    add_type<std::remove_const_t<typename P::template MemberType<i>>, T, Outer...>(sink);
    sink.add(";");
  });
  sink.add("}");
}

constexpr Fingerprint first_bits(const sha256::Digest& digest) noexcept {
  Fingerprint result = 0;
  for (std::size_t i = 0; i < 8; ++i) result = result << 8 | digest[i];
  return result;
}

template <class T, class... Outer>
inline constexpr Fingerprint of_struct = [] {
  sha256::Hasher hasher;
  add_struct<T, Outer...>(hasher);
  return first_bits(hasher.finish());
}();

template <class E, class Sink>
constexpr void add_enum(Sink& sink) {
  constexpr const auto& table = enum_table<E>;
  sink.add(table.named ? "names{" : "values{");
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    if constexpr (table.named) {
      add_quoted(sink, table.names[i]);
    } else {
      const auto number = static_cast<std::int64_t>(table.values[i]);
      const auto bits = static_cast<std::uint64_t>(number);
      if (number < 0) sink.add("-");
      add_decimal(sink, number < 0 ? std::uint64_t{0} - bits : bits);
    }
    sink.add(";");
  }
  sink.add("}");
}

template <class T, class Sink>
constexpr void add_literal(Sink& sink) {
  sink.add("literal{");
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto one = [&](std::size_t i) {
      switch (T::kinds[i]) {
        case LiteralKind::text: add_quoted(sink, T::constants[i].text); break;
        case LiteralKind::integer: add_signed(sink, T::constants[i].number); break;
        case LiteralKind::boolean: sink.add(T::constants[i].number != 0 ? "true" : "false"); break;
        case LiteralKind::null: sink.add("null"); break;
      }
      sink.add(";");
    };
    (one(I), ...);
  }(std::make_index_sequence<T::size>{});
  sink.add("}");
}

// The alternatives of a std::variant, the elements of a tuple.
template <class List, class... Outer>
struct AddEach;
template <template <class...> class Template, class... Item, class... Outer>
struct AddEach<Template<Item...>, Outer...> {
  template <class Sink>
  static constexpr void add(Sink& sink) {
    const auto one = [&]<class T>(std::type_identity<T>) {
      add_type<T, Outer...>(sink);
      sink.add(",");
    };
    (one(std::type_identity<Item>{}), ...);
  }
};

template <class T, class... Outer, class Sink>
constexpr void add_held(Sink& sink, std::string_view name) {
  sink.add(name);
  add_type<std::remove_cvref_t<decltype(*std::declval<T&>())>, Outer...>(sink);
  sink.add(">");
}

template <class T, class... Outer, class Sink>
constexpr void add_items(Sink& sink) {
  sink.add(shape_of<T> == Shape::set ? "set<" : "array<");
  add_type<typename T::value_type, Outer...>(sink);
  if constexpr (FixedArrayType<T>) {
    sink.add(",");
    add_decimal(sink, std::tuple_size_v<T>);
  }
  sink.add(">");
}

template <class T, class... Outer, class Sink>
constexpr void add_nested_struct(Sink& sink) {
  constexpr std::size_t distance = distance_to<T, Outer...>();
  if constexpr (distance < sizeof...(Outer)) {
    sink.add("^");
    add_decimal(sink, distance);
  } else {
    add_hex(sink, of_struct<T, Outer...>);
  }
}

template <class T, class... Outer, class Sink>
constexpr void add_type(Sink& sink) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::boolean) {
    sink.add("bool");
  } else if constexpr (shape == Shape::integer) {
    sink.add(std::is_signed_v<T> ? "int" : "uint");
    add_decimal(sink, sizeof(T) * 8);
  } else if constexpr (shape == Shape::floating) {
    sink.add(sizeof(T) == 4 ? "float32" : "float64");
  } else if constexpr (shape == Shape::text) {
    sink.add("str");
  } else if constexpr (shape == Shape::bytes) {
    sink.add("bytes");
  } else if constexpr (shape == Shape::text_scalar) {
    sink.add(name_of(TextScalar<T>::kind));
  } else if constexpr (shape == Shape::null) {
    sink.add("null");
  } else if constexpr (shape == Shape::value || shape == Shape::raw || shape == Shape::unknown_alternative) {
    sink.add("any");
  } else if constexpr (shape == Shape::ext) {
    sink.add("ext");
  } else if constexpr (shape == Shape::extension) {
    sink.add("ext");
    add_signed(sink, extension_for<T>::code);
  } else if constexpr (shape == Shape::coded) {
    add_type<typename codec_for<T>::wire_type, Outer...>(sink);
  } else if constexpr (shape == Shape::annotated) {
    add_type<Plain<T>, Outer...>(sink);
  } else if constexpr (shape == Shape::box) {
    add_type<std::remove_cvref_t<decltype(*std::declval<T&>())>, Outer...>(sink);
  } else if constexpr (shape == Shape::enumeration) {
    add_enum<T>(sink);
  } else if constexpr (shape == Shape::literal) {
    add_literal<T>(sink);
  } else if constexpr (shape == Shape::optional) {
    add_held<T, Outer...>(sink, "optional<");
  } else if constexpr (shape == Shape::unsettable) {
    add_held<T, Outer...>(sink, "unset<");
  } else if constexpr (shape == Shape::variant || shape == Shape::tuple) {
    sink.add(shape == Shape::variant ? "variant<" : "tuple<");
    AddEach<T, Outer...>::add(sink);
    sink.add(">");
  } else if constexpr (shape == Shape::map) {
    sink.add("map<");
    add_type<typename T::key_type, Outer...>(sink);
    sink.add(",");
    add_type<typename T::mapped_type, Outer...>(sink);
    sink.add(">");
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::array || shape == Shape::set) {
    add_items<T, Outer...>(sink);
  } else {
    add_nested_struct<T, Outer...>(sink);
  }
}

// A struct is described; anything else is named.
template <class T, class Sink>
constexpr void add_described(Sink& sink) {
  if constexpr (StructType<T>) {
    add_struct<T>(sink);
  } else {
    add_type<T>(sink);
  }
}

}  // namespace fingerprint_detail

/// The canonical text that the fingerprint of T is made of, for people who wonder why two differ.
template <class T>
std::string wire_description() {
  fingerprint_detail::StringSink sink;
  fingerprint_detail::add_described<T>(sink);
  return std::move(sink.text);
}

/// The fingerprint of T's wire form; a constant.
template <class T>
inline constexpr Fingerprint wire_fingerprint = [] {
  sha256::Hasher hasher;
  fingerprint_detail::add_described<T>(hasher);
  return fingerprint_detail::first_bits(hasher.finish());
}();

/// 16 hex digits.
std::string fingerprint_text(Fingerprint fingerprint);

}  // namespace structwire
