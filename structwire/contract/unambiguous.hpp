// SPDX-License-Identifier: Apache-2.0
#pragma once

// unambiguous<A, B, C>: a proof, from the Plans alone, that no input decodes as two of these types. Only then may
// decoders be tried in turn: whichever takes the input, it is the one.
//
//   static_assert(sw::unambiguous<MessageV1, MessageV2>);
//
// Two types are told apart by one of
//   - the kind of the value itself: object, array, number, text, …;
//   - a tag: both have one in the same field, and they differ (who tries must ask for the tag to be there);
//   - a key that one requires, under each of its names, and that the other forbids, or wants in another kind or as
//     another constant (Literal);
//   - in array-like structs, an item that one requires and the other wants in another kind or as another constant, or
//     more items than the other takes where it forbids further ones.
// Kinds that one format writes alike (text, bytes, dates, … in JSON; all numbers) count as the same in every format, so
// the proof holds for all. It is not for lax decoding, nor for options that override what structs say of unknown fields.
// What is told apart in no such way may still differ in values; of that no Plan knows, so it is refused.

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/decode_struct.hpp>
#include <structwire/core/kinds.hpp>
#include <structwire/core/literal.hpp>
#include <structwire/core/plan.hpp>

namespace structwire {

namespace unambiguous_detail {

/// The forms that some format writes values of these kinds in, of which an input may be any: one bit each.
constexpr unsigned forms(KindSet kinds) {
  enum : unsigned { boolean = 1, number = 2, text = 4, object = 8, array = 16, null = 32 };
  // In JSON an extension is what it is shown as.
  if (kinds.contains(Kind::ext)) return boolean | number | text | object | array | null;
  unsigned found = 0;
  const auto add = [&](Kind kind, unsigned form) {
    if (kinds.contains(kind)) found |= form;
  };
  add(Kind::boolean, boolean);
  for (const Kind each : {Kind::integer, Kind::floating, Kind::decimal}) add(each, number);
  for (const Kind each :
       {Kind::text, Kind::bytes, Kind::datetime, Kind::date, Kind::time, Kind::duration, Kind::uuid, Kind::decimal}) {
    add(each, text);
  }
  add(Kind::object, object);
  add(Kind::array, array);
  add(Kind::null, null);
  return found;
}

/// What values a place takes: kinds, and where it takes only constants, these.
struct Accepted {
  KindSet kinds;
  std::span<const literal_detail::Row> constants;
  bool only_constants = false;
  bool null = false;
};

constexpr bool holds_row(const Accepted& accepted, const literal_detail::Row& row) {
  if (row.kind == LiteralKind::null && accepted.null) return true;
  for (const literal_detail::Row& each : accepted.constants) {
    if (each.kind == row.kind && each.text == row.text && each.number == row.number) return true;
  }
  return false;
}

constexpr bool disjoint(const Accepted& a, const Accepted& b) {
  if ((forms(a.kinds) & forms(b.kinds)) == 0) return true;
  if (!a.only_constants || !b.only_constants || (a.null && b.null)) return false;
  for (const literal_detail::Row& row : a.constants) {
    if (holds_row(b, row)) return false;
  }
  for (const literal_detail::Row& row : b.constants) {
    if (holds_row(a, row)) return false;
  }
  return true;
}

/// Of a type by itself.
template <class T>
consteval Accepted accepted_by() {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::literal) {
    return {kinds_of<T>(), T::constants, true, false};
  } else if constexpr (shape == Shape::annotated) {
    Accepted inner = accepted_by<Plain<T>>();
    if (!std::is_void_v<CodecFrom<annotation_rules<T>>>) return {KindSet::any(), {}, false, true};
    return inner;
  } else if constexpr (shape == Shape::optional || shape == Shape::unsettable || shape == Shape::box) {
    Accepted inner = accepted_by<std::remove_cvref_t<decltype(*std::declval<T&>())>>();
    if (shape == Shape::optional) {
      inner.kinds.insert(Kind::null);
      inner.null = true;
    }
    return inner;
  } else {
    return {kinds_of<T>(), {}, false, kinds_of<T>().contains(Kind::null)};
  }
}

template <class P, std::size_t I>
consteval Accepted accepted_member() {
  using Type = std::remove_const_t<typename P::template MemberType<I>>;
  if constexpr (P::members[I].encode_only || !std::is_void_v<CodecFrom<typename P::template MemberRules<I>>>) {
    return {KindSet::any(), {}, false, true};
  } else {
    return accepted_by<Type>();
  }
}

/// A tag as a Literal of one constant. Row holds the text by reference.
template <class P>
inline constexpr std::array<literal_detail::Row, 1> tag_row = [] {
  literal_detail::Row row{};
  row.kind = P::tag.kind == TagKind::text ? LiteralKind::text : LiteralKind::integer;
  row.text = P::tag.text;
  row.number = P::tag.number;
  return std::array<literal_detail::Row, 1>{row};
}();

/// Of each key of P, the tag's last.
template <class P>
inline constexpr auto accepted_keys = []<std::size_t... I>(std::index_sequence<I...>) {
  std::array<Accepted, P::size + 1> all{accepted_member<P, I>()..., Accepted{}};
  if constexpr (P::tagged) {
    all[P::size] = {P::tag.kind == TagKind::text ? Kind::text : Kind::integer, tag_row<P>, true, false};
  }
  return all;
}(typename P::Indices{});

/// B cannot take what A takes under this name.
template <class B>
constexpr bool refuses(std::string_view name, const Accepted& taken) {
  const int found = B::find(name);
  if (found < 0) return B::forbid_unknown_fields;
  return disjoint(taken, accepted_keys<B>[static_cast<std::size_t>(found)]);
}

/// Some key that A requires cannot be in a B.
template <class A, class B>
consteval bool key_tells() {
  if (A::tagged && refuses<B>(A::tag.field, accepted_keys<A>[A::size])) return true;
  for (std::size_t i = 0; i < A::size; ++i) {
    const MemberPlan& member = A::members[i];
    if (!member.required || member.encode_only) continue;
    bool always = refuses<B>(member.wire_name, accepted_keys<A>[i]);
    for (const std::string_view alias : member.aliases) always = always && refuses<B>(alias, accepted_keys<A>[i]);
    if (always) return true;
  }
  return false;
}

/// What stands at each place of the array; the tag first.
template <class P>
constexpr Accepted item(std::size_t place) {
  if (P::tagged && place == 0) return accepted_keys<P>[P::size];
  return accepted_keys<P>[place - P::tagged];
}

template <class A, class B>
consteval bool item_tells() {
  if (B::forbid_unknown_fields && items_min<A> > B::key_count) return true;
  for (std::size_t place = 0; place < items_min<A> && place < B::key_count; ++place) {
    if (disjoint(item<A>(place), item<B>(place))) return true;
  }
  return false;
}

template <class A, class B>
consteval bool apart() {
  if constexpr (StructType<A> && StructType<B>) {
    using PA = Plan<A>;
    using PB = Plan<B>;
    if constexpr (PA::array_like != PB::array_like) {
      return true;
    } else if constexpr (PA::array_like) {
      return item_tells<PA, PB>() || item_tells<PB, PA>();
    } else {
      return key_tells<PA, PB>() || key_tells<PB, PA>();
    }
  } else {
    return disjoint(accepted_by<A>(), accepted_by<B>());
  }
}

template <class First, class... Rest>
consteval bool all_apart() {
  if constexpr (sizeof...(Rest) == 0) {
    return true;
  } else {
    return (apart<First, Rest>() && ...) && all_apart<Rest...>();
  }
}

}  // namespace unambiguous_detail

/// See above; at least one type.
template <class... T>
inline constexpr bool unambiguous = unambiguous_detail::all_apart<T...>();

}  // namespace structwire
