// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the versions of a chain are told apart, from their Plans (a part of contract/decode_any_version.hpp): by a field,
// by a tag, by trying; and the search for that field in an input.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <structwire/contract/migrate.hpp>
#include <structwire/contract/unambiguous.hpp>
#include <structwire/contract/version_mark.hpp>
#include <structwire/core/decode.hpp>

namespace structwire::version_detail {
inline namespace STRUCTWIRE_INLINE {

enum class Detection { none, field, tag, trying };

template <class Chain, std::size_t I>
using PlanAt = Plan<typename Chain::template At<I>>;

template <class T>
struct HeldBy {
  using type = T;
};
template <class T>
  requires(AnnotatedType<T>)
struct HeldBy<T> : HeldBy<Plain<T>> {};
template <class T>
  requires(OptionalType<T> || UnsetType<T> || BoxType<T>)
struct HeldBy<T> : HeldBy<std::remove_cvref_t<decltype(*std::declval<T&>())>> {};

template <class P, std::size_t I>
using HeldMember = typename HeldBy<std::remove_const_t<typename P::template MemberType<I>>>::type;

/// The place of a member by its wire name; size when there is none. Aliases are not looked at.
template <class P>
constexpr std::size_t member_named(std::string_view name) {
  std::size_t i = 0;
  while (i < P::size && P::members[i].wire_name != name) ++i;
  return i;
}

// At most so many constants tell versions apart.
template <class Chain>
inline constexpr std::size_t marks_max = 8 * Chain::size + 64;

/// The constants of a field in all versions, or why it is none that tells.
template <class Chain>
struct Marks {
  std::array<Mark, marks_max<Chain>> marks{};
  std::size_t count = 0;
  bool usable = true;
  bool oldest_without = false;

  constexpr void add(LiteralKind kind, std::string_view text, std::int64_t number, std::size_t place) {
    const bool told = kind == LiteralKind::text || kind == LiteralKind::integer;
    for (std::size_t i = 0; i < count; ++i) {
      const Mark& each = marks[i];
      if (each.kind == kind && each.text == text && each.number == number) usable = false;
    }
    if (!told || count == marks.size()) {
      usable = false;
      return;
    }
    marks[count++] = {kind, text, number, place};
  }
};

template <class P, std::size_t J, class Chain>
constexpr void add_member(Marks<Chain>& marks, std::size_t place, bool named) {
  using Held = HeldMember<P, J>;
  if constexpr (P::members[J].encode_only || !std::is_void_v<CodecFrom<typename P::template MemberRules<J>>>) {
    marks.usable = false;
  } else if constexpr (shape_of<Held> == Shape::literal) {
    for (const literal_detail::Row& row : Held::constants) marks.add(row.kind, row.text, row.number, place);
  } else if constexpr (shape_of<Held> == Shape::integer) {
    if (!named) marks.usable = false;
    marks.add(LiteralKind::integer, {}, Chain::numbers[place], place);
  } else {
    marks.usable = false;
  }
}

/// Of the field `name`. Found by itself (`named` is false), every version has to require it as a Literal.
template <class Chain, std::size_t Place>
constexpr void add_version(Marks<Chain>& marks, std::string_view name, bool named) {
  using P = PlanAt<Chain, Place>;
  const std::size_t place_in_plan = member_named<P>(name);
  bool found = false;
  for_each_member<P>([&](auto j) {
    if (j != place_in_plan) return;
    found = true;
    if (!P::members[j].required) {
      if (Place != 0 || !named) marks.usable = false;
      if (Place == 0) marks.oldest_without = true;
    }
    add_member<P, j, Chain>(marks, Place, named);
  });
  if (found) return;
  if (Place != 0 || !named) marks.usable = false;
  marks.oldest_without = true;
}

template <class Chain>
constexpr bool all_structs() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return (StructType<typename Chain::template At<I>> && ...);
  }(std::make_index_sequence<Chain::size>{});
}
template <class Chain>
constexpr bool all_objects() {
  if constexpr (!all_structs<Chain>()) {
    return false;
  } else {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (!PlanAt<Chain, I>::array_like && ...);
    }(std::make_index_sequence<Chain::size>{});
  }
}

template <class Chain>
constexpr Marks<Chain> marks_of_field(std::string_view name, bool named) {
  Marks<Chain> marks;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (add_version<Chain, I>(marks, name, named), ...);
  }(std::make_index_sequence<Chain::size>{});
  return marks;
}

/// The field that tells: named, or the first of the newest version that does.
template <class Chain>
inline constexpr std::string_view telling_field = []() -> std::string_view {
  if constexpr (requires { Chain::field; }) {
    return Chain::field;
  } else if constexpr (all_objects<Chain>() && Chain::size > 1) {
    using P = PlanAt<Chain, Chain::size - 1>;
    std::string_view found;
    for_each_member<P>([&](auto j) {
      if constexpr (shape_of<HeldMember<P, j>> == Shape::literal) {
        if (found.empty() && marks_of_field<Chain>(P::members[j].wire_name, false).usable)
          found = P::members[j].wire_name;
      }
    });
    return found;
  } else {
    return {};
  }
}();

template <class Chain>
constexpr Marks<Chain> marks_of_tags() {
  Marks<Chain> marks;
  const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
    using P = PlanAt<Chain, I>;
    using First = PlanAt<Chain, 0>;
    if (!P::tagged || P::tag.field != First::tag.field || P::tag.kind != First::tag.kind ||
        P::array_like != First::array_like) {
      marks.usable = false;
      return;
    }
    marks.add(P::tag.kind == TagKind::text ? LiteralKind::text : LiteralKind::integer, P::tag.text, P::tag.number, I);
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (one(std::integral_constant<std::size_t, I>{}), ...);
  }(std::make_index_sequence<Chain::size>{});
  return marks;
}

template <class Chain>
inline constexpr bool told_by_tags = [] {
  if constexpr (all_structs<Chain>()) {
    return marks_of_tags<Chain>().usable;
  } else {
    return false;
  }
}();

template <class Chain>
inline constexpr bool are_unambiguous = []<std::size_t... I>(std::index_sequence<I...>) {
  return unambiguous<typename Chain::template At<I>...>;
}(std::make_index_sequence<Chain::size>{});

template <class Chain>
inline constexpr Detection detection = [] {
  if constexpr (requires { Chain::field; }) {
    static_assert(
        all_objects<Chain>() && marks_of_field<Chain>(Chain::field, true).usable,
        "structwire: the field of MigrationsByField is a required integer or Literal of every version but the "
        "oldest, and of versions that are objects; two of them have no constant in common");
    return Detection::field;
  } else if constexpr (!telling_field<Chain>.empty()) {
    return Detection::field;
  } else if constexpr (told_by_tags<Chain>) {
    return Detection::tag;
  } else {
    return are_unambiguous<Chain> ? Detection::trying : Detection::none;
  }
}();

template <class Chain>
inline constexpr Marks<Chain> marks_of = [] {
  if constexpr (detection<Chain> == Detection::field) {
    return marks_of_field<Chain>(telling_field<Chain>, requires { Chain::field; });
  } else if constexpr (detection<Chain> == Detection::tag) {
    return marks_of_tags<Chain>();
  } else {
    return Marks<Chain>{};
  }
}();

template <class Chain>
inline constexpr std::array<Fingerprint, Chain::size> fingerprints_of =
    []<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<Fingerprint, Chain::size>{wire_fingerprint<typename Chain::template At<I>>...};
    }(std::make_index_sequence<Chain::size>{});

template <class Chain>
constexpr std::string_view field_of() {
  if constexpr (detection<Chain> == Detection::tag) {
    using P = PlanAt<Chain, 0>;
    return P::array_like ? std::string_view() : P::tag.field;
  } else {
    return telling_field<Chain>;
  }
}

/// What contract/version_mark.cpp works from.
template <class Chain>
inline constexpr Known known{Chain::numbers, fingerprints_of<Chain>,
                             std::span(marks_of<Chain>.marks).first(marks_of<Chain>.count), field_of<Chain>(),
                             marks_of<Chain>.oldest_without};

// ---- the search in an input ----

/// The constant at the cursor.
template <class R>
bool read_mark(R& reader, Found& found) {
  found.offset = reader.offset();
  found.there = true;
  if (reader.kind() == Kind::text) {
    std::string_view text;
    if (!reader.read_text(text)) return false;
    found.kind = LiteralKind::text;
    found.text = text;
    return true;
  }
  found.kind = LiteralKind::integer;
  return reader.read(found.number);
}

/// Key I of P, wherever it stands; what stands before it is passed over. Not there: true, and found.there is false.
template <class P, std::size_t I, class R>
bool find_key(R& reader, Found& found) {
  const std::size_t start = reader.offset();
  typename R::StructScope scope;
  if (!reader.enter(start) || !reader.template open_struct<P>(scope)) return false;
  int next = reader.template next_member<P, I>(scope);
  while (next != static_cast<int>(I)) {
    if (next == member_error) return false;
    if (next == member_end) {
      found.offset = start;
      return true;
    }
    if (!reader.skip()) return false;
    next = reader.template next_member<P, I>(scope);
  }
  return read_mark(reader, found) || reader.in_member(P::key(I));
}

template <class R>
bool find_first_item(R& reader, Found& found) {
  const std::size_t start = reader.offset();
  typename R::ArrayScope scope;
  if (!reader.enter(start) || !reader.open_array(scope)) return false;
  if (!reader.more_items(scope)) {
    found.offset = start;
    return !reader.failed();
  }
  return read_mark(reader, found) || reader.in_item(0);
}

template <class Chain, class R>
bool find_mark(R& reader, Found& found) {
  using P = PlanIn<R, typename Chain::Latest>;
  if constexpr (detection<Chain> == Detection::tag) {
    if constexpr (P::array_like) {
      return find_first_item(reader, found);
    } else {
      return find_key<P, P::tag_index>(reader, found);
    }
  } else {
    return find_key<P, member_named<P>(telling_field<Chain>)>(reader, found);
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::version_detail
