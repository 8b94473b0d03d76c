// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which kinds of value a type takes: for messages, and for choosing the alternative of a std::variant.

#include <cstddef>
#include <type_traits>
#include <variant>

#include <structwire/core/kind.hpp>
#include <structwire/core/plan.hpp>
#include <structwire/core/types.hpp>

namespace structwire {

template <class List>
struct CodecIn {
  using type = void;
};
template <class Rule>
struct CodecOfRule {
  using type = void;
};
template <class Codec>
struct CodecOfRule<rule::With<Codec>> {
  using type = Codec;
};
template <auto First, auto... Rest>
struct CodecIn<RuleList<First, Rest...>> {
  using Here = typename CodecOfRule<std::remove_cvref_t<decltype(First)>>::type;
  using type = typename std::conditional_t<std::is_void_v<Here>, CodecIn<RuleList<Rest...>>,
                                           std::type_identity<Here>>::type;
};
/// The Codec of the first `with<Codec>` rule; void when there is none.
template <class List>
using CodecFrom = typename CodecIn<List>::type;

/// Fails to compile where the codec of a rule fits neither this type nor, through wrappers, what it holds.
template <class List, class T>
consteval void refuse_misfit_codec() {
  constexpr bool hands_on = OptionalType<T> || UnsetType<T> || BoxType<T> || AnnotatedType<T>;
  static_assert(hands_on || std::is_void_v<CodecFrom<List>> || CodecOf<CodecFrom<List>, T>,
                "structwire: a codec has `wire_type`, `to_wire(const T&)` and `from_wire(wire_type)` for this type");
}

template <class T, StructForm Form = StructForm::own>
consteval KindSet kinds_of();

namespace kinds_detail {

template <class V, StructForm Form>
struct OfVariant;
template <class... A, StructForm Form>
struct OfVariant<std::variant<A...>, Form> {
  static consteval KindSet kinds() {
    KindSet all;
    (all.insert(kinds_of<A, Form>()), ...);
    return all;
  }
};

template <class T>
consteval KindSet of_literal() {
  KindSet kinds;
  if (T::has_boolean) kinds.insert(Kind::boolean);
  if (T::has_integer) kinds.insert(Kind::integer);
  if (T::has_text) kinds.insert(Kind::text);
  if (T::has_null) kinds.insert(Kind::null);
  return kinds;
}

template <class T, StructForm Form>
consteval KindSet with_null() {
  KindSet kinds = kinds_of<T, Form>();
  kinds.insert(Kind::null);
  return kinds;
}

template <class T, StructForm Form>
consteval KindSet of_annotated() {
  using Codec = CodecFrom<annotation_rules<T>>;
  if constexpr (std::is_void_v<Codec>) {
    return kinds_of<Plain<T>, Form>();
  } else {
    return kinds_of<typename Codec::wire_type, Form>();
  }
}

}  // namespace kinds_detail

/// What messages say that T takes, where structs are of this form.
template <class T, StructForm Form>
consteval KindSet kinds_of() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::coded) {
    return kinds_of<typename codec_for<T>::wire_type, Form>();
  } else if constexpr (shape == Shape::annotated) {
    return kinds_detail::of_annotated<T, Form>();
  } else if constexpr (shape == Shape::boolean) {
    return Kind::boolean;
  } else if constexpr (shape == Shape::integer) {
    return Kind::integer;
  } else if constexpr (shape == Shape::floating) {
    return Kind::floating;
  } else if constexpr (shape == Shape::text) {
    return Kind::text;
  } else if constexpr (shape == Shape::bytes) {
    return Kind::bytes;
  } else if constexpr (shape == Shape::text_scalar) {
    return TextScalar<T>::kind;
  } else if constexpr (shape == Shape::enumeration) {
    return enum_table<T>.named ? Kind::text : Kind::integer;
  } else if constexpr (shape == Shape::literal) {
    return kinds_detail::of_literal<T>();
  } else if constexpr (shape == Shape::null) {
    return Kind::null;
  } else if constexpr (shape == Shape::optional) {
    return kinds_detail::with_null<std::remove_cvref_t<decltype(*std::declval<T&>())>, Form>();
  } else if constexpr (shape == Shape::unsettable || shape == Shape::box) {
    return kinds_of<std::remove_cvref_t<decltype(*std::declval<T&>())>, Form>();
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::tuple || shape == Shape::set ||
                       shape == Shape::array) {
    return Kind::array;
  } else if constexpr (shape == Shape::variant) {
    return kinds_detail::OfVariant<T, Form>::kinds();
  } else if constexpr (shape == Shape::map || shape == Shape::unknown_alternative) {
    return Kind::object;
  } else if constexpr (shape == Shape::ext || shape == Shape::extension) {
    return Kind::ext;
  } else if constexpr (shape == Shape::structure) {
    constexpr bool is_array = Form == StructForm::own ? Plan<T>::array_like : Form == StructForm::array;
    return is_array ? Kind::array : Kind::object;
  } else {
    return KindSet::any();
  }
}

}  // namespace structwire
