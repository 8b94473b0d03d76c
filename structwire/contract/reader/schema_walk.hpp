// SPDX-License-Identifier: Apache-2.0
#pragma once

// The decoder of core/decode*.hpp once more, with a Schema in the place of a C++ type: the same calls of the Reader in
// the same order, so that the same input fails at the same place with the same words. Each function says nothing of what
// its namesake there explains. Whoever changes one changes both; tests/msgspec holds them together on the corpus.
//
//   schema_walk_scalar.hpp    numbers, text, dates, enums, literals, rules
//   schema_walk_container.hpp arrays, tuples, sets, maps
//   schema_walk_struct.hpp    members, tags
//   schema_walk_union.hpp     alternatives

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <structwire/contract/reader/schema_defaults.hpp>
#include <structwire/contract/reader/schema_plan.hpp>
#include <structwire/contract/reader/schema_scalars.hpp>
#include <structwire/core/decode.hpp>
#include <structwire/core/key_reader.hpp>

namespace structwire::contract::schema_reading {

/// R is a Reader with, unless it reads keys only,
///   struct FieldScope;  bool open_fields(FieldScope&);
///   int next_field(FieldScope&, const StructPlan&)    as next_member<P, I>
///   int skip_fields(FieldScope&, const StructPlan&)   optional: as skip_members<P>
template <class R>
class Walk {
 public:
  /// `maker`: what is read is the default of a member.
  explicit Walk(R& reader, DefaultMaker* maker = nullptr) noexcept : reader_(reader), maker_(maker) {}

  bool value(const Type& type, Value& out);

 private:
  static constexpr bool has_containers = requires { typename R::FieldScope; };
  static constexpr bool tells_length_first = R::traits.counts_first;
  static constexpr bool bytes_may_be_text = structwire::bytes_may_be_text<R>;

  bool optional(const Type& type, Value& out);
  bool ruled(const Type& type, Value& out);
  bool plain(const Type& type, Value& out);

  // schema_walk_scalar.hpp
  template <class Number>
  bool number(Value& out);
  bool integer(const Type& type, Value& out);
  bool floating(const Type& type, Value& out);
  bool boolean(Value& out);
  bool text(Value& out);
  bool bytes(const Type& type, Value& out);
  bool text_scalar(const Type& type, Value& out);
  bool ext(const Type& type, Value& out);
  bool enumeration(const Type& type, Value& out);
  bool literal(const Type& type, Value& out);
  bool lax_literal(const Type& type, Value& out);
  bool key_literal(const Type& type, Value& out);
  template <class Constant>
  bool constant(const Type& type, Value& out);
  bool check(const Type& type, const Value& value, std::size_t start);
  bool name_bound(const Type& type, std::size_t start);

  // schema_walk_container.hpp
  bool dynamic(Value& out);
  bool raw(Value& out);
  bool array(const Type& type, Value& out);
  bool fixed_items(const Type& type, Value& out);
  bool set(const Type& type, Value& out);
  bool map(const Type& type, Value& out);
  bool key(const Type& type, Value& out);
  bool text_key(const Type& type, Value& out);
  std::string shown_key(const Type& type, const Value& key) const;
  template <class Mark>
  bool name_length(const Type& type, const Mark& array);
  bool no_container();

  // schema_walk_struct.hpp
  struct Object;
  bool structure(const StructPlan& plan, Value& out);
  bool fields(const StructPlan& plan, Value& out);
  bool struct_items(const StructPlan& plan, Value& out);
  template <class Scope>
  bool further_items(const StructPlan& plan, Scope& scope, std::size_t start, std::size_t count);
  bool member(const MemberPlan& plan, Value& out);
  bool tag(const StructPlan& plan);
  template <class Scope>
  int unknown_fields(Scope& scope, const StructPlan& plan, Object& object);
  bool unknown_field(const StructPlan& plan, Object& object);
  bool settle(const StructPlan& plan, Object& object, std::size_t start);

  // schema_walk_union.hpp
  bool variant(const Type& type, Value& out);
  bool tagged(const Type& type, Value& out);
  bool find_tag_field(const Type& type, Tag& tag, std::size_t start);
  bool find_tag_item(const Type& type, Tag& tag, std::size_t start);
  bool read_tag(const Type& type, Tag& tag);
  bool first_match(const Type& type, Value& out);
  bool try_alternatives(const Type& type, Value& out);
  bool lax_text(const Type& type, Value& out);
  bool unsuited(const Type& type, Value& out);

  R& reader_;
  DefaultMaker* maker_;
  /// How many members that are never written have had another value than their default.
  std::size_t hidden_ = 0;
};

template <class R>
bool Walk<R>::value(const Type& type, Value& out) {
  if (type.kind == TypeKind::optional) return optional(type, out);
  return type.is_constrained && maker_ == nullptr ? ruled(type, out) : plain(type, out);
}

template <class R>
bool Walk<R>::optional(const Type& type, Value& out) {
  bool some = false;
  if (!reader_.read_some(some)) return false;
  if (some && !type.takes_plain_text && reader_.options().lax) some = !is_null_text(reader_);
  if (!some) {
    out = Value();
    return true;
  }
  return value(type.parts.front(), out) || reader_.or_kinds(Kind::null);
}

template <class R>
bool Walk<R>::ruled(const Type& type, Value& out) {
  const std::size_t start = reader_.offset();
  const auto mark = reader_.mark();
  if (plain(type, out)) return check(type, out, start);
  const bool is_array = (type.kind == TypeKind::array && !type.schema->size) || type.kind == TypeKind::set;
  if (is_array && tells_length_first) return name_length(type, mark);
  return type.kind == TypeKind::integer && name_bound(type, start);
}

template <class R>
bool Walk<R>::plain(const Type& type, Value& out) {
  switch (type.kind) {
    case TypeKind::any: return dynamic(out);
    case TypeKind::null: out = Value(); return decode_null(reader_);
    case TypeKind::boolean: return boolean(out);
    case TypeKind::integer: return integer(type, out);
    case TypeKind::floating: return floating(type, out);
    case TypeKind::text: return text(out);
    case TypeKind::bytes: return bytes(type, out);
    case TypeKind::datetime:
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::duration:
    case TypeKind::uuid:
    case TypeKind::decimal: return text_scalar(type, out);
    case TypeKind::literal: return literal(type, out);
    case TypeKind::enumeration: return enumeration(type, out);
    case TypeKind::structure: return structure(*type.structure, out);
    case TypeKind::array: return type.schema->size ? fixed_items(type, out) : array(type, out);
    case TypeKind::set: return set(type, out);
    case TypeKind::map: return map(type, out);
    case TypeKind::tuple: return fixed_items(type, out);
    case TypeKind::variant: return type.schema->first_match ? first_match(type, out) : variant(type, out);
    case TypeKind::raw:
    case TypeKind::unknown: return raw(out);
    case TypeKind::ext: return ext(type, out);
    case TypeKind::optional: break;
  }
  return optional(type, out);
}

}  // namespace structwire::contract::schema_reading

#include <structwire/contract/reader/schema_walk_container.hpp>
#include <structwire/contract/reader/schema_walk_scalar.hpp>
#include <structwire/contract/reader/schema_walk_struct.hpp>
#include <structwire/contract/reader/schema_walk_union.hpp>
