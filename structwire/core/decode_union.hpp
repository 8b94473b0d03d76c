// SPDX-License-Identifier: Apache-2.0
#pragma once

// Decoding std::variant (a part of core/decode.hpp).
//
// The kind that stands in the input chooses the alternative; among several structs the tag does. So that this is
// never a guess, a variant holds at most one alternative of each kind, as in msgspec: one integer-like (integers,
// enums by value, integer literals), one text-like (text, enums by name, dates, Uuid, …; bytes in formats that
// have only text for them), one array-like, one object-like; several structs only with distinct tags of one
// kind in one field. std::monostate takes null. `first_match` lifts that and tries one after another.

#include <variant>

#include <structwire/core/decode.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

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
template <class A>
constexpr int suits(Kind kind) {
  using T = InsideOf<A>;
  constexpr KindSet own = kinds_of<A>();
  if (shape_of<T> == Shape::value || shape_of<T> == Shape::raw) return 1;
  if (shape_of<T> == Shape::unknown_alternative) return kind == Kind::object || kind == Kind::array ? 1 : 0;
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

template <class V>
struct Alternatives;
template <class... A>
struct Alternatives<std::variant<A...>> {
  static constexpr std::size_t size = sizeof...(A);

  /// Index of the alternative for a kind; size when there is none. `bytes_are_text` as the format has it.
  static constexpr std::size_t for_kind(Kind kind, bool bytes_are_text) {
    std::array<int, size> suit{suits<A>(kind)...};
    if (kind == Kind::text && bytes_are_text) {
      const std::array<int, size> as_bytes{(kinds_of<A>().contains(Kind::bytes) ? 2 : 0)...};
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
    constexpr std::array<KindSet, size> kinds{(kinds_of<A>() == KindSet::any() ? KindSet() : kinds_of<A>())...};
    std::size_t i = 0;
    while (i < size && !kinds[i].contains(kind)) ++i;
    return i;
  }

  static consteval std::size_t taking(Kind kind) {
    return (std::size_t{shape_of<InsideOf<A>> != Shape::unknown_alternative && kinds_of<A>().contains(kind) &&
                        kinds_of<A>() != KindSet::any()} +
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
    return (std::size_t{StructType<InsideOf<A>> && kinds_of<A>().contains(kind)} + ...);
  }
  static consteval std::size_t tagged() { return (std::size_t{is_tagged<InsideOf<A>>()} + ...); }
  static constexpr bool has_unknown = ((shape_of<InsideOf<A>> == Shape::unknown_alternative) || ...);
  static constexpr bool has_any = ((kinds_of<A>() == KindSet::any()) || ...);
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

template <class V>
consteval void refuse_ambiguous() {
  using All = Alternatives<V>;
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

// Alternative I, in place when the variant holds it already.
template <std::size_t I, class V>
auto& hold(V& variant) {
  if (variant.index() != I) variant.template emplace<I>();
  return std::get<I>(variant);
}

/// Decodes alternative `index`, known only now.
template <class R, class V>
bool decode_alternative(R& reader, V& out, std::size_t index) {
  bool decoded = false;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto one = [&](auto i) {
      if constexpr (shape_of<union_detail::InsideOf<std::variant_alternative_t<i, V>>> !=
                    Shape::unknown_alternative) {
        decoded = decode_value(reader, hold<i>(out));
      }
      return true;
    };
    ((index == I && one(std::integral_constant<std::size_t, I>{})) || ...);
  }(std::make_index_sequence<std::variant_size_v<V>>{});
  return decoded;
}

// ---- tags ----

/// A tag as it stands in the input.
struct FoundTag {
  std::string text;
  std::int64_t number = 0;
};

template <class All, class R>
bool read_tag(R& reader, FoundTag& tag) {
  if constexpr (All::tag.kind == TagKind::text) {
    return decode_text(reader, tag.text);
  } else {
    return read_tag_number(reader, tag.number, reader.offset());
  }
}

// The field of the tag, wherever it stands; what stands before it is passed over.
template <class All, class R>
bool find_tag_field(R& reader, FoundTag& tag, std::size_t start) {
  using P = PlanIn<R, typename All::FirstTagged>;
  typename R::StructScope scope;
  if (!reader.enter(start) || !reader.template open_struct<P>(scope)) return false;
  int next = reader.template next_member<P, P::tag_index>(scope);
  while (next != static_cast<int>(P::tag_index)) {
    if (next == member_error) return false;
    if (next == member_end) {
      reader.leave();
      return reader.missing_field(P::tag.field, start);
    }
    if (!reader.skip()) return false;
    next = reader.template next_member<P, P::tag_index>(scope);
  }
  return read_tag<All>(reader, tag) || reader.in_member(P::tag.field);
}

template <class All, class R>
bool find_tag_item(R& reader, FoundTag& tag, std::size_t start) {
  typename R::ArrayScope scope;
  if (!reader.enter(start) || !reader.open_array(scope)) return false;
  if (!reader.more_items(scope)) {
    return !reader.failed() && refuse_length(reader, scope, "of at least length", 1, start, 0);
  }
  return read_tag<All>(reader, tag) || reader.in_item(0);
}

template <class All>
std::size_t alternative_of(const FoundTag& tag) noexcept {
  for (std::size_t i = 0; i < All::size; ++i) {
    const TagPlan& each = All::tags[i];
    if (each.kind != TagKind::none && each.text == tag.text && each.number == tag.number) return i;
  }
  return All::size;
}

template <class All, class R>
STRUCTWIRE_COLD bool refuse_tag(R& reader, const FoundTag& tag, std::size_t offset) {
  const std::string shown = All::tag.kind == TagKind::text ? "'" + tag.text + "'" : std::to_string(tag.number);
  reader.fail(ErrorCode::invalid_tag, "Invalid value " + shown, offset);
  return All::is_array_tagged ? reader.in_item(0) : reader.in_member(All::tag.field);
}

template <class R, class V>
bool decode_tagged(R& reader, V& out) {
  using All = union_detail::Alternatives<V>;
  const auto mark = reader.mark();
  const std::size_t start = reader.offset();
  FoundTag tag;
  const bool found =
      All::is_array_tagged ? find_tag_item<All>(reader, tag, start) : find_tag_field<All>(reader, tag, start);
  if (!found) return false;
  const std::size_t index = alternative_of<All>(tag);
  if (index != All::size) {
    reader.rewind(mark);
    return decode_alternative(reader, out, index);
  }
  if constexpr (All::has_unknown) {
    reader.rewind(mark);
    UnknownAlternative& unknown = hold<All::unknown>(out);
    if constexpr (All::tag.kind == TagKind::text) {
      unknown.tag = std::move(tag.text);
    } else {
      unknown.tag = tag.number;
    }
    return reader.capture(unknown.value);
  } else {
    return refuse_tag<All>(reader, tag, start);
  }
}

// ---- trying ----

/// The first alternative that decodes. When none does, the error is that of the one that got furthest.
template <class R, class V>
STRUCTWIRE_NOINLINE bool decode_first_match(R& reader, V& out) {
  const auto mark = reader.mark();
  Error furthest;
  for (std::size_t i = 0; i < std::variant_size_v<V>; ++i) {
    if (decode_alternative(reader, out, i)) return true;
    Error error = reader.take_error();
    if (is_syntax(error.code()) || !ReaderState::can_go_on_after(error.code())) return reader.adopt(std::move(error));
    reader.rewind(mark);
    const bool further = error.offset().value_or(0) > furthest.offset().value_or(0);
    if (!furthest || further) furthest = std::move(error);
  }
  reader.adopt(std::move(furthest));
  return reader.or_kinds(kinds_of<V>());
}

// Text in a lax reader, for a variant that has no plain text: what it spells chooses, in the order of msgspec; what
// spells nothing is left to the grammar of the text-like alternative.
template <class R, class V>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool decode_lax_text(R& reader, V& out) {
  using All = union_detail::Alternatives<V>;
  lax::Spelled spelled{};
  std::string text;
  if (!read_spelled(reader, spelled, text)) return false;
  const bool is_bit = text == "0" || text == "1";
  std::vector<Kind> wanted;
  switch (spelled) {
    case lax::Spelled::integer:
      wanted = {Kind::integer, Kind::floating, Kind::decimal, is_bit ? Kind::boolean : Kind::datetime, Kind::datetime,
                Kind::duration};
      break;
    case lax::Spelled::number:
      wanted = {Kind::floating, Kind::decimal, Kind::integer, Kind::datetime, Kind::duration};
      break;
    case lax::Spelled::boolean: wanted = {Kind::boolean}; break;
    case lax::Spelled::null: wanted = {Kind::null}; break;
    case lax::Spelled::other: break;
  }
  bool tried = false;
  for (const Kind kind : wanted) {
    const std::size_t index = All::of_kind(kind);
    if (index == All::size) continue;
    const auto mark = reader.mark();
    tried = true;
    if (decode_alternative(reader, out, index)) return true;
    if (spelled == lax::Spelled::integer || reader.error_code() != ErrorCode::type_mismatch) break;
    reader.rewind(mark);
  }
  if (reader.failed()) return reader.or_kinds(kinds_of<V>());
  const std::size_t index = All::for_kind(Kind::text, !R::traits.tells_bytes_from_text);
  if (tried || index == All::size) return reader.refuse(kinds_of<V>());
  return decode_alternative(reader, out, index);
}

// No alternative takes this kind as it is: the lax conversions, in the order of msgspec, then the error.
template <class R, class V>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool decode_unsuited(R& reader, V& out) {
  using All = union_detail::Alternatives<V>;
  const bool text_is_number = requires { R::numbers_are_text; };
  if (reader.options().lax || text_is_number) {
    const auto mark = reader.mark();
    for (const Kind wanted : {Kind::integer, Kind::boolean, Kind::null, Kind::floating, Kind::datetime,
                              Kind::duration, Kind::decimal}) {
      const std::size_t index = All::of_kind(wanted);
      if (index == All::size) continue;
      if (decode_alternative(reader, out, index)) return true;
      if (reader.error_code() != ErrorCode::type_mismatch) return false;
      reader.rewind(mark);
    }
  }
  return reader.refuse(kinds_of<V>());
}

template <class List, class R, class V>
bool decode_variant(R& reader, V& out) {
  using All = union_detail::Alternatives<V>;
  if constexpr (!R::traits.self_describing) {
    static_assert(requires(std::size_t index) { reader.template read_alternative<V>(index); },
                  "structwire: this format cannot carry a std::variant");
    std::size_t index = 0;
    const std::size_t start = reader.offset();
    if (!reader.template read_alternative<V>(index)) return false;
    if (index >= All::size) return reader.fail(ErrorCode::invalid_tag, "No such alternative", start);
    return decode_alternative(reader, out, index);
  } else if constexpr (List::template has<rule::FirstMatch>) {
    return decode_first_match(reader, out);
  } else {
    union_detail::refuse_ambiguous<V>();
    const Kind kind = reader.kind();
    if constexpr (All::by_tag) {
      if (kind == (All::is_array_tagged ? Kind::array : Kind::object)) return decode_tagged(reader, out);
    }
    if constexpr (!takes_plain_text<V>()) {
      if (kind == Kind::text && reader.options().lax) [[unlikely]] return decode_lax_text(reader, out);
    }
    const std::size_t index = All::for_kind(kind, !R::traits.tells_bytes_from_text);
    if (index == All::size) return decode_unsuited(reader, out);
    return decode_alternative(reader, out, index) || reader.or_kinds(kinds_of<V>());
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
