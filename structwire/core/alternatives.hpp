// SPDX-License-Identifier: Apache-2.0
#pragma once

// The alternatives of a std::variant as data: which kind and which tag each one takes, and what makes a variant
// ambiguous, refused here.

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <variant>

#include <structwire/core/kinds.hpp>
#include <structwire/core/plan.hpp>
#include <structwire/core/types.hpp>

namespace structwire {
namespace union_detail {

/// What is behind wrappers.
template <class T>
struct Inside {
  using type = T;
};
template <class T>
  requires(AnnotatedType<T>)
struct Inside<T> : Inside<Plain<T>> {};
template <class T>
  requires(BoxType<T>)
struct Inside<T> : Inside<std::remove_cvref_t<decltype(*std::declval<T&>())>> {};
template <class T>
using InsideOf = typename Inside<T>::type;

template <class T>
consteval bool is_tagged() {
  if constexpr (StructType<T>) {
    return Plan<T>::tagged;
  } else {
    return false;
  }
}

/// How well an alternative suits a kind: 3 exactly, 2 or 1 by a conversion that is always made, 0 not at all.
template <class A, StructForm Form>
constexpr int suits(Kind kind) {
  using T = InsideOf<A>;
  constexpr KindSet own = kinds_of<A, Form>();
  if (shape_of<T> == Shape::value || shape_of<T> == Shape::raw) return 1;
  if (shape_of<T> == Shape::unknown_alternative) return 0;  // Only a tag that nobody has leads there.
  if (own.contains(kind)) return 3;
  if (own.contains(Kind::floating) && kind == Kind::integer) return 2;
  if (own.contains(Kind::decimal) && (kind == Kind::integer || kind == Kind::floating)) return 1;
  if (own.contains(Kind::datetime) && kind == Kind::ext) return 1;
  if (own.contains(Kind::uuid) && kind == Kind::bytes) return 1;
  constexpr KindSet spelled = [] {
    KindSet kinds;
    for (const Kind each : {Kind::datetime, Kind::date, Kind::time, Kind::duration, Kind::uuid, Kind::decimal}) {
      kinds.insert(each);
    }
    return kinds;
  }();
  return kind == Kind::text && own.overlaps(spelled) ? 3 : 0;
}

/// As a codec sees them to which structs are of this form.
template <class V, StructForm Form = StructForm::own>
struct Alternatives;
template <class... A, StructForm Form>
struct Alternatives<std::variant<A...>, Form> {
  static constexpr std::size_t size = sizeof...(A);

  /// Index of the alternative for a kind; size when there is none. `bytes_are_text` as the format has it.
  static constexpr std::size_t for_kind(Kind kind, bool bytes_are_text) {
    std::array<int, size> suit{suits<A, Form>(kind)...};
    if (kind == Kind::text && bytes_are_text) {
      const std::array<int, size> as_bytes{(kinds_of<A, Form>().contains(Kind::bytes) ? 2 : 0)...};
      for (std::size_t i = 0; i < size; ++i) suit[i] = std::max(suit[i], as_bytes[i]);
    }
    std::size_t best = size;
    for (std::size_t i = 0; i < size; ++i) {
      if (suit[i] != 0 && (best == size || suit[i] > suit[best])) best = i;
    }
    return best;
  }

  /// Index of the alternative whose messages name this kind; size when there is none.
  static constexpr std::size_t of_kind(Kind kind) {
    constexpr std::array<KindSet, size> kinds{
        (kinds_of<A, Form>() == KindSet::any() ? KindSet() : kinds_of<A, Form>())...};
    std::size_t i = 0;
    while (i < size && !kinds[i].contains(kind)) ++i;
    return i;
  }

  static consteval std::size_t taking(Kind kind) {
    return (std::size_t{shape_of<InsideOf<A>> != Shape::unknown_alternative && kinds_of<A, Form>().contains(kind) &&
                        kinds_of<A, Form>() != KindSet::any()} +
            ...);
  }
  static consteval std::size_t text_like() {
    std::size_t count = 0;
    for (const Kind kind : {Kind::text, Kind::bytes, Kind::datetime, Kind::date, Kind::time, Kind::duration,
                            Kind::uuid, Kind::decimal}) {
      count += taking(kind);
    }
    return count;
  }
  static consteval std::size_t structs(Kind kind) {
    return (std::size_t{StructType<InsideOf<A>> && kinds_of<A, Form>().contains(kind)} + ...);
  }
  static consteval std::size_t tagged() { return (std::size_t{is_tagged<InsideOf<A>>()} + ...); }
  static constexpr bool has_unknown = ((shape_of<InsideOf<A>> == Shape::unknown_alternative) || ...);
  static constexpr bool has_any = ((kinds_of<A, Form>() == KindSet::any()) || ...);
  /// The structs are told apart by their tags.
  static constexpr bool by_tag = tagged() > 1 || (has_unknown && tagged() != 0);

  template <class T>
  static consteval TagPlan tag_of() {
    if constexpr (is_tagged<T>()) {
      return Plan<T>::tag;
    } else {
      return {};
    }
  }
  static constexpr std::array<TagPlan, size> tags{tag_of<InsideOf<A>>()...};
  /// The tag that all share in field and kind.
  static constexpr TagPlan tag = [] {
    for (const TagPlan& each : tags) {
      if (each.kind != TagKind::none) return each;
    }
    return TagPlan{};
  }();
  static consteval bool tags_agree() {
    for (std::size_t i = 0; i < size; ++i) {
      if (tags[i].kind == TagKind::none) continue;
      if (tags[i].kind != tag.kind || tags[i].field != tag.field) return false;
    }
    return true;
  }
  static consteval bool tags_differ() {
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = i + 1; j < size; ++j) {
        if (tags[i].kind == TagKind::none || tags[j].kind == TagKind::none) continue;
        if (tags[i].text == tags[j].text && tags[i].number == tags[j].number) return false;
      }
    }
    return true;
  }

  static constexpr bool is_array_tagged = structs(Kind::array) != 0 && by_tag;
  static constexpr std::size_t unknown = [] {
    const std::array<bool, size> is{(shape_of<InsideOf<A>> == Shape::unknown_alternative)...};
    std::size_t i = 0;
    while (i < size && !is[i]) ++i;
    return i;
  }();

  template <std::size_t I>
  using At = std::tuple_element_t<I, std::tuple<A...>>;
  /// The Plan of the first tagged struct; its tag field is that of all.
  using FirstTagged = InsideOf<At<[] {
    std::size_t i = 0;
    while (i + 1 < size && tags[i].kind == TagKind::none) ++i;
    return i;
  }()>>;
};

template <class V, StructForm Form = StructForm::own>
consteval void refuse_ambiguous() {
  using All = Alternatives<V, Form>;
  static_assert(All::taking(Kind::boolean) <= 1 && All::taking(Kind::null) <= 1,
                "structwire: a std::variant holds one alternative for bool and one for null");
  static_assert(All::taking(Kind::integer) <= 1,
                "structwire: a std::variant holds one integer-like alternative: nothing in the input could tell two "
                "apart (or try them in turn with `sw::first_match`)");
  static_assert(All::taking(Kind::floating) <= 1, "structwire: a std::variant holds one floating-point alternative");
  static_assert(All::text_like() <= 1,
                "structwire: a std::variant holds one text-like alternative (text, bytes, enums by name, dates, Uuid, "
                "Decimal): nothing in the input could tell two apart (or try them in turn with `sw::first_match`)");
  static_assert(All::taking(Kind::ext) <= 1, "structwire: a std::variant holds one extension alternative");
  static_assert(All::taking(Kind::array) <= 1 ||
                    (All::structs(Kind::array) == All::taking(Kind::array) && All::tagged() >= All::structs(Kind::array)),
                "structwire: a std::variant holds one array-like alternative, or array-like structs that all have a "
                "tag");
  static_assert(All::taking(Kind::object) <= 1 ||
                    (All::structs(Kind::object) == All::taking(Kind::object) &&
                     All::tagged() >= All::structs(Kind::object)),
                "structwire: a std::variant holds one object-like alternative, or structs that all have a tag "
                "(`sw::tag<\"name\">`), or tries them in turn with `sw::first_match`");
  static_assert(!(All::by_tag && All::structs(Kind::array) != 0 && All::structs(Kind::object) != 0),
                "structwire: tagged structs in one std::variant are all objects or all array-like");
  static_assert(All::tags_agree(),
                "structwire: the structs in a std::variant have tags of one kind, text or integer, in one field");
  static_assert(All::tags_differ(), "structwire: two structs in a std::variant have the same tag");
}

}  // namespace union_detail

}  // namespace structwire
