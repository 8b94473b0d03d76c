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

#include <structwire/core/alternatives.hpp>
#include <structwire/core/decode.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// The alternatives as a Reader sees them.
template <class R, class V>
using AlternativesIn = union_detail::Alternatives<V, struct_form<R>>;

// Alternative I, in place when the variant holds it already.
template <std::size_t I, class V>
auto& hold(V& variant) {
  if (variant.index() != I) variant.template emplace<I>();
  return std::get<I>(variant);
}

/// Decodes alternative `index`, known only now, under the AlternativeRules `List`.
template <class List, class R, class V>
bool decode_alternative(R& reader, V& out, std::size_t index) {
  bool decoded = false;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto one = [&](auto i) {
      if constexpr (shape_of<union_detail::InsideOf<std::variant_alternative_t<i, V>>> !=
                    Shape::unknown_alternative) {
        decoded = decode_ruled<List>(reader, hold<i>(out));
      }
      return true;
    };
    ((index == I && one(std::integral_constant<std::size_t, I>{})) || ...);
  }(std::make_index_sequence<std::variant_size_v<V>>{});
  return decoded;
}

/// True where text may stand for bytes.
template <class R>
inline constexpr bool bytes_may_be_text = !R::traits.tells_bytes_from_text || R::traits.takes_text_for_bytes;

// ---- tags ----

/// A tag as it stands in the input.
struct FoundTag {
  std::string text;
  std::int64_t number = 0;
};

template <class All, class R>
bool read_tag(R& reader, FoundTag& tag) {
  if constexpr (All::tag.kind == TagKind::text) {
    const std::size_t start = reader.offset();
    return decode_text(reader, tag.text) || refuse_tag_kind(reader, Kind::text, start);
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

template <class List, class R, class V>
bool decode_tagged(R& reader, V& out) {
  using All = AlternativesIn<R, V>;
  const auto mark = reader.mark();
  const std::size_t start = reader.offset();
  FoundTag tag;
  const bool found =
      All::is_array_tagged ? find_tag_item<All>(reader, tag, start) : find_tag_field<All>(reader, tag, start);
  if (!found) return false;
  const std::size_t index = alternative_of<All>(tag);
  if (index != All::size) {
    reader.rewind(mark);
    return decode_alternative<List>(reader, out, index);
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

template <class R>
std::size_t progress_of(const R& reader) noexcept {
  if constexpr (requires { reader.progress(); }) {
    return reader.progress();
  } else {
    return reader.offset();
  }
}

template <class List, class R, class V>
bool try_alternatives(R& reader, V& out) {
  const auto mark = reader.mark();
  const std::size_t start = reader.offset();
  const std::size_t from = progress_of(reader);
  Error furthest;
  for (std::size_t i = 0; i < std::variant_size_v<V>; ++i) {
    if (decode_alternative<List>(reader, out, i)) return true;
    Error error = reader.take_error();
    if (is_syntax(error.code()) || !ReaderState::can_go_on_after(error.code())) return reader.adopt(std::move(error));
    if (!reader.count_attempt(from, progress_of(reader), start)) return false;
    reader.rewind(mark);
    const bool further = error.offset().value_or(0) > furthest.offset().value_or(0);
    if (!furthest || further) furthest = std::move(error);
  }
  reader.adopt(std::move(furthest));
  return reader.or_kinds(kinds_of<V, struct_form<R>>());
}

/// The first alternative that decodes. When none does, the error is that of the one that got furthest. While errors
/// are collected, none is forgiven in what is only tried.
template <class List, class R, class V>
STRUCTWIRE_NOINLINE bool decode_first_match(R& reader, V& out) {
  const std::size_t forgivable = reader.errors_left_to_forgive();
  reader.forgive_first(0);
  const bool decoded = try_alternatives<List>(reader, out);
  reader.forgive_first(forgivable);
  return decoded;
}

// Text in a lax reader, for a variant that has no plain text: what it spells chooses, in the order of msgspec; what
// spells nothing is left to the grammar of the text-like alternative.
template <class List, class R, class V>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool decode_lax_text(R& reader, V& out) {
  using All = AlternativesIn<R, V>;
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
    if (decode_alternative<List>(reader, out, index)) return true;
    if (spelled == lax::Spelled::integer || reader.error_code() != ErrorCode::type_mismatch) break;
    reader.rewind(mark);
  }
  if (reader.failed()) return reader.or_kinds(kinds_of<V, struct_form<R>>());
  const std::size_t index = All::for_kind(Kind::text, bytes_may_be_text<R>);
  if (tried || index == All::size) return reader.refuse(kinds_of<V, struct_form<R>>());
  return decode_alternative<List>(reader, out, index);
}

// No alternative takes this kind as it is: the lax conversions, in the order of msgspec, then the error.
template <class List, class R, class V>
STRUCTWIRE_NOINLINE STRUCTWIRE_COLD bool decode_unsuited(R& reader, V& out) {
  using All = AlternativesIn<R, V>;
  const bool text_is_number = requires { R::numbers_are_text; };
  if (reader.options().lax || text_is_number) {
    const auto mark = reader.mark();
    for (const Kind wanted : {Kind::integer, Kind::boolean, Kind::null, Kind::floating, Kind::datetime,
                              Kind::duration, Kind::decimal}) {
      const std::size_t index = All::of_kind(wanted);
      if (index == All::size) continue;
      if (decode_alternative<List>(reader, out, index)) return true;
      if (reader.error_code() != ErrorCode::type_mismatch) return false;
      reader.rewind(mark);
    }
  }
  return reader.refuse(kinds_of<V, struct_form<R>>());
}

template <class List, class R, class V>
bool decode_variant(R& reader, V& out) {
  using All = AlternativesIn<R, V>;
  using Inner = AlternativeRules<List>;
  if constexpr (!R::traits.self_describing) {
    static_assert(requires(std::size_t index) { reader.template read_alternative<V>(index); },
                  "structwire: this format cannot carry a std::variant");
    std::size_t index = 0;
    const std::size_t start = reader.offset();
    if (!reader.template read_alternative<V>(index)) return false;
    if (index >= All::size) return reader.fail(ErrorCode::invalid_tag, "No such alternative", start);
    return decode_alternative<Inner>(reader, out, index);
  } else if constexpr (List::template has<rule::FirstMatch>) {
    return decode_first_match<Inner>(reader, out);
  } else {
    union_detail::refuse_ambiguous<V, struct_form<R>>();
    const Kind kind = reader.kind();
    if constexpr (All::by_tag) {
      if (kind == (All::is_array_tagged ? Kind::array : Kind::object)) return decode_tagged<Inner>(reader, out);
    }
    if constexpr (!takes_plain_text<V>()) {
      if (kind == Kind::text && reader.options().lax) [[unlikely]] return decode_lax_text<Inner>(reader, out);
    }
    const std::size_t index = All::for_kind(kind, bytes_may_be_text<R>);
    if (index == All::size) return decode_unsuited<Inner>(reader, out);
    return decode_alternative<Inner>(reader, out, index) || reader.or_kinds(kinds_of<V, struct_form<R>>());
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
