// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/compare/crossing.hpp>

#include <algorithm>

#include <structwire/contract/compare/constraints.hpp>
#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

using enum TypeKind;

// ---- constants ----

TypeSchema type_of(const Value& constant) {
  TypeSchema type;
  type.kind = literal;
  type.constants.push_back(constant);
  return type;
}

TypeKind kind_of(const Value& constant) noexcept {
  if (constant.is_null()) return null;
  if (constant.get_if<bool>() != nullptr) return boolean;
  return constant.get_if<std::string>() != nullptr ? text : integer;
}

bool has_constants(const TypeSchema& type) noexcept { return type.kind == literal || type.kind == enumeration; }

Crossing cross_constant(const Value& constant, TypeIn read, WireForm form) {
  if (has_constants(read.type)) {
    const Value::Array listed = constants_of(read);
    if (std::ranges::find(listed, constant) != listed.end()) return fine();
    const bool same_kind = std::ranges::any_of(listed, [&](const Value& each) { return kind_of(each) == kind_of(constant); });
    if (takes_unlisted(read) && same_kind) return fine();
    return all(quoted(constant) + " is refused");
  }
  TypeSchema as_type;
  as_type.kind = kind_of(constant);
  if (as_type.kind == integer) {
    as_type.bits = 64;
    as_type.ge = as_type.le = constant;
  }
  if (as_type.kind == text && has_text_form(read.type.kind) && (read.type.kind != text || is_constrained(read.type))) {
    return some(quoted(constant) + " is refused where it breaks the rules of the reader");
  }
  return cross(read.with(as_type), read, form, schema_depth_max - 2);
}

/// The worst of several, of which a message holds one: what refuses only one of them refuses some.
Crossing cross_one_of(std::vector<Crossing> crossings) {
  Crossing worst;
  bool all_refused = !crossings.empty();
  for (Crossing& each : crossings) {
    all_refused = all_refused && each.verdict == Verdict::breaks;
    worst = worse(std::move(worst), std::move(each));
  }
  if (worst.verdict == Verdict::breaks && !all_refused) worst.verdict = Verdict::conditional;
  return worst;
}

Crossing cross_constants(TypeIn written, TypeIn read, WireForm form) {
  std::vector<Crossing> crossings;
  for (const Value& constant : constants_of(written)) crossings.push_back(cross_constant(constant, read, form));
  return cross_one_of(std::move(crossings));
}

Crossing cross_to_constants(TypeIn written, TypeIn read) {
  const TypeKind kind = has_text_form(written.type.kind) ? text : written.type.kind;
  const bool kind_is_listed =
      std::ranges::any_of(constants_of(read), [&](const Value& each) { return kind_of(each) == kind; });
  if (!kind_is_listed) return refused(written.type, read.type);
  if (takes_unlisted(read)) return fine();
  return some("values that are not listed are refused");
}

// ---- containers ----

bool is_sequence(const TypeSchema& type) noexcept { return type.kind == array || type.kind == set; }

Crossing cross_sequences(TypeIn written, TypeIn read, WireForm form, std::size_t depth) {
  Crossing crossing = cross(written.part(0), read.part(0), form, depth);
  crossing = worse(std::move(crossing), cross_constraints(written.type, read.type));
  if (written.type.kind == array && read.type.kind == set) {
    crossing = worse(std::move(crossing), wrong("items that come twice are kept once"));
  }
  return crossing;
}

/// Keys are text in JSON, whatever they are.
Crossing cross_keys(TypeIn written, TypeIn read, WireForm form, std::size_t depth) {
  const bool spelled = form == WireForm::json && written.type.kind != read.type.kind;
  if (spelled && read.type.kind == text && !is_constrained(read.type)) return fine();
  if (spelled && written.type.kind == text) return some("keys that do not spell " + in_words(read.type) + " are refused");
  return cross(written, read, form, depth);
}

Crossing cross_maps(TypeIn written, TypeIn read, WireForm form, std::size_t depth) {
  Crossing keys = cross_keys(written.part(0), read.part(0), form, depth);
  Crossing values = cross(written.part(1), read.part(1), form, depth);
  return worse(worse(std::move(keys), std::move(values)), cross_constraints(written.type, read.type));
}

/// The items of what has a fixed number of them.
std::optional<std::vector<TypeSchema>> items_of(TypeIn type) {
  if (type.type.kind == tuple) return type.type.parts;
  if (is_sequence(type.type) && type.type.size && *type.type.size <= schema_depth_max) {
    return std::vector<TypeSchema>(*type.type.size, type.type.parts.front());
  }
  const StructSchema* structure = struct_of(type);
  if (structure != nullptr && structure->array_like) return slots_of(*structure);
  return std::nullopt;
}

std::size_t items_needed(TypeIn type, std::size_t count) {
  const StructSchema* structure = struct_of(type);
  if (structure == nullptr) return count;
  const std::size_t tag = structure->tag ? 1 : 0;
  for (std::size_t i = structure->members.size(); i > 0; --i) {
    if (structure->members[i - 1].presence == Presence::required) return i + tag;
  }
  return tag;
}

bool takes_more_items(TypeIn type) {
  const StructSchema* structure = struct_of(type);
  return structure != nullptr && structure->unknown_fields != UnknownFields::forbid;
}

Crossing cross_items(TypeIn written, TypeIn read, WireForm form, std::size_t depth) {
  const auto from = items_of(written);
  const auto to = items_of(read);
  if (!from && !to) return refused(written.type, read.type);
  if (from && to) {
    if (from->size() < items_needed(read, to->size())) return all("the array is too short for the reader");
    if (from->size() > to->size() && !takes_more_items(read)) return all("the array is too long for the reader");
    Crossing crossing;
    for (std::size_t i = 0; i < std::min(from->size(), to->size()); ++i) {
      crossing = worse(std::move(crossing), cross(written.with((*from)[i]), read.with((*to)[i]), form, depth));
    }
    return crossing;
  }
  Crossing crossing = from ? fine() : some("arrays of another length are refused");
  for (const TypeSchema& each : from ? *from : *to) {
    const TypeIn one = (from ? written : read).with(each);
    crossing = worse(std::move(crossing), from ? cross(one, read.part(0), form, depth) : cross(written.part(0), one, form, depth));
  }
  return crossing;
}

// ---- structs ----

/// Structs of different names are looked into to this many levels: a schema from a file may branch without end.
constexpr std::size_t struct_weight = schema_depth_max / 2;

bool same_contract(const StructSchema& a, const StructSchema& b) {
  if (a.array_like != b.array_like || a.tag.has_value() != b.tag.has_value()) return false;
  return a.tag ? a.tag == b.tag && a.tag_field == b.tag_field : a.name == b.name;
}

Crossing cross_struct_fields(TypeIn written, TypeIn read, WireForm form, std::size_t depth) {
  const StructSchema& from = *struct_of(written);
  const StructSchema& to = *struct_of(read);
  if (from.tag && to.tag && from.tag_field == to.tag_field && from.tag != to.tag) return all("the tag is refused");
  Crossing crossing;
  for (const MemberSchema& member : to.members) {
    const MemberSchema* source = from.find(member.name);
    if (source != nullptr) {
      crossing = worse(std::move(crossing), cross(written.with(source->type), read.with(member.type), form, depth));
    } else if (member.presence == Presence::required) {
      return all("`" + member.name + "` is missing");
    }
  }
  for (const MemberSchema& member : from.members) {
    if (to.find(member.name) != nullptr) continue;
    if (to.unknown_fields == UnknownFields::forbid) return all("the field `" + member.name + "` is refused");
    crossing = worse(std::move(crossing), wrong("the field `" + member.name + "` is dropped"));
  }
  return crossing;
}

Crossing cross_structs(TypeIn written, TypeIn read, WireForm form, std::size_t depth) {
  const StructSchema* from = struct_of(written);
  const StructSchema* to = struct_of(read);
  if (from == nullptr || to == nullptr) return all("the schema does not define its struct");
  if (same_contract(*from, *to)) return fine();
  if (from->array_like != to->array_like) return refused(written.type, read.type);
  depth += struct_weight;
  if (depth >= schema_depth_max) return some("the structs differ");
  if (from->array_like) return cross_items(written, read, form, depth);
  return cross_struct_fields(written, read, form, depth);
}

Crossing cross_struct_to_map(TypeIn written, TypeIn read, WireForm form, std::size_t depth) {
  const StructSchema* structure = struct_of(written);
  if (structure == nullptr || structure->array_like) return refused(written.type, read.type);
  TypeSchema key;
  key.kind = text;
  Crossing crossing = cross_keys(written.with(key), read.part(0), form, depth);
  for (const MemberSchema& member : structure->members) {
    crossing = worse(std::move(crossing), cross(written.with(member.type), read.part(1), form, depth));
  }
  return crossing;
}

Crossing cross_map_to_struct(TypeIn written, TypeIn read) {
  const StructSchema* structure = struct_of(read);
  if (structure == nullptr || structure->array_like) return refused(written.type, read.type);
  return some("maps without the required fields, or with values of another type, are refused; other keys are dropped");
}

// ---- unions ----

Crossing cross_to_variant(TypeIn written, TypeIn read, WireForm form, std::size_t depth) {
  const StructSchema* structure = struct_of(written);
  if (structure != nullptr && !read.type.first_match) {
    bool takes_unknown = false;
    for (std::size_t i = 0; i < read.type.parts.size(); ++i) {
      takes_unknown = takes_unknown || read.type.parts[i].kind == unknown;
      const StructSchema* alternative = struct_of(read.part(i));
      if (alternative != nullptr && same_contract(*structure, *alternative)) return fine();
    }
    if (structure->tag && takes_unknown) return fine();
  }
  Crossing best = refused(written.type, read.type);
  for (std::size_t i = 0; i < read.type.parts.size(); ++i) {
    const StructSchema* alternative = struct_of(read.part(i));
    Crossing each = cross(written, read.part(i), form, depth);
    if (structure != nullptr && alternative != nullptr && alternative->tag && !structure->tag) {
      each = read.type.first_match ? worse(std::move(each), some("without a tag, the first alternative that it fits is taken"))
                                   : all("the tag `" + alternative->tag_field + "` is missing");
    }
    if (each.verdict < best.verdict || i == 0) best = std::move(each);
  }
  return best;
}

Crossing cross_variant(TypeIn written, TypeIn read, WireForm form, std::size_t depth) {
  std::vector<Crossing> crossings;
  for (std::size_t i = 0; i < written.type.parts.size(); ++i) {
    if (written.type.parts[i].kind != unknown) crossings.push_back(cross(written.part(i), read, form, depth));
  }
  return cross_one_of(std::move(crossings));
}

/// Values of any type are read as they come; bytes are text in JSON.
Crossing cross_to_any(TypeIn written, WireForm form) {
  if (form == WireForm::json && written.type.kind == bytes) {
    return wrong("the reader gets the text that spells the bytes");
  }
  return fine();
}

bool is_container(const TypeSchema& type) noexcept {
  return is_sequence(type) || type.kind == map || type.kind == tuple || type.kind == structure;
}

bool has_items(TypeIn type) noexcept {
  if (is_sequence(type.type) || type.type.kind == tuple) return true;
  const StructSchema* structure = struct_of(type);
  return structure != nullptr && structure->array_like;
}

Crossing cross_containers(TypeIn written, TypeIn read, WireForm form, std::size_t depth) {
  const TypeSchema& from = written.type;
  const TypeSchema& to = read.type;
  if (from.kind == structure && to.kind == structure) return cross_structs(written, read, form, depth);
  if (is_sequence(from) && is_sequence(to)) return cross_sequences(written, read, form, depth);
  if (from.kind == map && to.kind == map) return cross_maps(written, read, form, depth);
  if (from.kind == structure && to.kind == map) return cross_struct_to_map(written, read, form, depth);
  if (from.kind == map && to.kind == structure) return cross_map_to_struct(written, read);
  if (!has_items(written) || !has_items(read)) return refused(written.type, read.type);
  return cross_items(written, read, form, depth);
}

std::size_t parts_needed(TypeKind kind) noexcept {
  return kind == map ? 2 : kind == optional || kind == array || kind == set ? 1 : 0;
}

}  // namespace

Crossing worse(Crossing a, Crossing b) { return b.verdict > a.verdict ? std::move(b) : std::move(a); }

bool takes_null(const TypeSchema& type) noexcept {
  if (type.kind == variant) return std::ranges::any_of(type.parts, takes_null);
  if (type.kind == literal) return std::ranges::find(type.constants, Value()) != type.constants.end();
  return type.kind == optional || type.kind == null || type.kind == any || type.kind == raw;
}

const StructSchema* struct_of(TypeIn type) noexcept {
  return type.type.kind == structure ? type.schema.find_struct(type.type.name) : nullptr;
}

const EnumSchema* enum_of(TypeIn type) noexcept {
  return type.type.kind == enumeration ? type.schema.find_enum(type.type.name) : nullptr;
}

Value::Array constants_of(TypeIn type) {
  if (type.type.kind == literal) return type.type.constants;
  Value::Array constants;
  if (const EnumSchema* list = enum_of(type)) {
    for (const EnumValueSchema& each : list->values) constants.push_back(each.value);
  }
  return constants;
}

bool takes_unlisted(TypeIn type) noexcept {
  const EnumSchema* list = enum_of(type);
  return list != nullptr && !list->catch_all.empty();
}

std::vector<TypeSchema> slots_of(const StructSchema& structure) {
  std::vector<TypeSchema> slots;
  if (structure.tag) slots.push_back(type_of(*structure.tag));
  for (const MemberSchema& member : structure.members) slots.push_back(member.type);
  return slots;
}

std::string quoted(const Value& value) { return "`" + json::encode(value) + "`"; }

Crossing cross_shortest(TypeIn written, TypeIn read) {
  const StructSchema* structure = struct_of(written);
  const bool is_array = structure != nullptr && structure->array_like;
  if (!is_array || !has_items(read) || struct_of(read) != nullptr) return fine();
  const auto items = items_of(read);
  const std::uint64_t needed = items ? items->size() : read.type.size.value_or(read.type.min_length.value_or(0));
  return items_needed(written, 0) < needed ? some("arrays that leave out items at the end are refused") : fine();
}

Crossing cross(TypeIn written, TypeIn read, WireForm form, std::size_t depth) {
  const TypeSchema& from = written.type;
  const TypeSchema& to = read.type;
  if (depth >= schema_depth_max || from.parts.size() < parts_needed(from.kind) || to.parts.size() < parts_needed(to.kind)) {
    return all("the schema is broken or too deep");
  }
  if (written.steps != nullptr) {
    if (*written.steps == 0) return all("the types are too entangled to be compared");
    --*written.steps;
  }
  ++depth;
  if (from.kind == optional) {
    Crossing held = cross(written.part(0), read, form, depth);
    return takes_null(to) ? held : worse(std::move(held), some("null is refused"));
  }
  if (from.kind == unknown || to.kind == unknown) return fine();
  if (from.kind == variant) return cross_variant(written, read, form, depth);
  if (to.kind == optional) return from.kind == null ? fine() : cross(written, read.part(0), form, depth);
  if (to.kind == any || to.kind == raw) return cross_to_any(written, form);
  if (to.kind == variant) return cross_to_variant(written, read, form, depth);
  if (from.kind == any || from.kind == raw) return some("values that are not " + in_words(to) + " are refused");
  if (has_constants(from)) return cross_constants(written, read, form);
  if (has_constants(to)) return cross_to_constants(written, read);
  if (is_container(from) || is_container(to)) return cross_containers(written, read, form, depth);
  return cross_scalars(from, to, form);
}

}  // namespace structwire::contract
