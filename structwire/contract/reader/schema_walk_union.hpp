// SPDX-License-Identifier: Apache-2.0
#pragma once

// Unions: the kind that stands in the input chooses, among several structs the tag does (a part of
// contract/reader/schema_walk.hpp).

#include <vector>

#include <structwire/contract/reader/schema_walk.hpp>

namespace structwire::contract::schema_reading {

// ---- tags ----

template <class R>
bool Walk<R>::read_tag(const Type& type, Tag& tag) {
  const std::size_t start = reader_.offset();
  if (!type.first_tagged->is_text_tag) return read_tag_number(reader_, tag.number, start);
  std::string_view text;
  if (!reader_.read_text(text)) return refuse_tag_kind(reader_, Kind::text, start);
  tag.text = text;
  return true;
}

template <class R>
bool Walk<R>::find_tag_field(const Type& type, Tag& tag, std::size_t start) {
  if constexpr (has_containers) {
    const StructPlan& plan = *type.first_tagged;
    typename R::FieldScope scope;
    if (!reader_.enter(start) || !reader_.open_fields(scope)) return false;
    int next = reader_.next_field(scope, plan);
    while (next != plan.tag_index()) {
      if (next == member_error) return false;
      if (next == member_end) {
        reader_.leave();
        return reader_.missing_field(plan.schema->tag_field, start);
      }
      if (!reader_.skip()) return false;
      next = reader_.next_field(scope, plan);
    }
    return read_tag(type, tag) || reader_.in_member(plan.schema->tag_field);
  } else {
    return no_container();
  }
}

template <class R>
bool Walk<R>::find_tag_item(const Type& type, Tag& tag, std::size_t start) {
  if constexpr (has_containers) {
    typename R::ArrayScope scope;
    if (!reader_.enter(start) || !reader_.open_array(scope)) return false;
    if (!reader_.more_items(scope)) {
      return !reader_.failed() && refuse_length(reader_, scope, "of at least length", 1, start, 0);
    }
    return read_tag(type, tag) || reader_.in_item(0);
  } else {
    return no_container();
  }
}

template <class R>
bool Walk<R>::tagged(const Type& type, Value& out) {
  const auto mark = reader_.mark();
  const std::size_t start = reader_.offset();
  Tag tag;
  if (!(type.is_array_tagged ? find_tag_item(type, tag, start) : find_tag_field(type, tag, start))) return false;
  const std::size_t index = type.alternative_of(tag);
  if (index != Type::none || type.unknown != Type::none) {
    reader_.rewind(mark);
    return index != Type::none ? value(type.parts[index], out) : raw(out);
  }
  const StructPlan& first = *type.first_tagged;
  const std::string shown = first.is_text_tag ? "'" + tag.text + "'" : std::to_string(tag.number);
  reader_.fail(ErrorCode::invalid_tag, "Invalid value " + shown, start);
  return type.is_array_tagged ? reader_.in_item(0) : reader_.in_member(first.schema->tag_field);
}

// ---- trying ----

template <class R>
bool Walk<R>::try_alternatives(const Type& type, Value& out) {
  const auto mark = reader_.mark();
  const std::size_t start = reader_.offset();
  Error furthest;
  for (const Type& part : type.parts) {
    if (part.kind != TypeKind::unknown && value(part, out)) return true;
    Error error = reader_.take_error();
    if (is_syntax(error.code()) || !ReaderState::can_go_on_after(error.code())) return reader_.adopt(std::move(error));
    if (!reader_.count_attempt(start, reader_.offset(), start)) return false;
    reader_.rewind(mark);
    const bool is_further = error.offset().value_or(0) > furthest.offset().value_or(0);
    if (!furthest || is_further) furthest = std::move(error);
  }
  if (!furthest) return reader_.refuse(type.kinds);
  reader_.adopt(std::move(furthest));
  return reader_.or_kinds(type.kinds);
}

template <class R>
bool Walk<R>::first_match(const Type& type, Value& out) {
  return try_alternatives(type, out);
}

template <class R>
bool Walk<R>::lax_text(const Type& type, Value& out) {
  lax::Spelled spelled{};
  std::string text;
  if (!read_spelled(reader_, spelled, text)) return false;
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
    const std::size_t index = type.alternative_of(kind);
    if (index == Type::none) continue;
    const auto mark = reader_.mark();
    tried = true;
    if (value(type.parts[index], out)) return true;
    if (spelled == lax::Spelled::integer || reader_.error_code() != ErrorCode::type_mismatch) break;
    reader_.rewind(mark);
  }
  if (reader_.failed()) return reader_.or_kinds(type.kinds);
  const std::size_t index = type.alternative_for(Kind::text, bytes_may_be_text);
  if (tried || index == Type::none) return reader_.refuse(type.kinds);
  return value(type.parts[index], out);
}

template <class R>
bool Walk<R>::unsuited(const Type& type, Value& out) {
  const bool text_is_number = requires { R::numbers_are_text; };
  if (reader_.options().lax || text_is_number) {
    const auto mark = reader_.mark();
    for (const Kind wanted : {Kind::integer, Kind::boolean, Kind::null, Kind::floating, Kind::datetime,
                              Kind::duration, Kind::decimal}) {
      const std::size_t index = type.alternative_of(wanted);
      if (index == Type::none) continue;
      if (value(type.parts[index], out)) return true;
      if (reader_.error_code() != ErrorCode::type_mismatch) return false;
      reader_.rewind(mark);
    }
  }
  return reader_.refuse(type.kinds);
}

template <class R>
bool Walk<R>::variant(const Type& type, Value& out) {
  const Kind kind = reader_.kind();
  if (type.is_tagged && kind == (type.is_array_tagged ? Kind::array : Kind::object)) return tagged(type, out);
  if (!type.takes_plain_text && kind == Kind::text && reader_.options().lax) return lax_text(type, out);
  const std::size_t index = type.alternative_for(kind, bytes_may_be_text);
  if (index == Type::none) return unsuited(type, out);
  return value(type.parts[index], out) || reader_.or_kinds(type.kinds);
}

}  // namespace structwire::contract::schema_reading
