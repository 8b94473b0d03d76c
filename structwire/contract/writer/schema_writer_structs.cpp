// SPDX-License-Identifier: Apache-2.0
//
// Which alternative of a union a value is, and structs: their members, tags and kept fields.
#include <structwire/contract/writer/schema_writing.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace structwire::contract::schema_writing {
namespace {

bool is_empty(const Value& value) noexcept {
  if (const auto* text = value.get_if<std::string>()) return text->empty();
  if (const auto* bytes = value.get_if<Bytes>()) return bytes->empty();
  if (const auto* items = value.get_if<Value::Array>()) return items->empty();
  if (const auto* entries = value.get_if<Value::Map>()) return entries->empty();
  return value.is_null();
}

// As the encoder compares with defaults: 0.0 and -0.0 are apart.
bool same(const Value& a, const Value& b) noexcept {
  const auto* left = a.get_if<double>();
  const auto* right = b.get_if<double>();
  if (left != nullptr && right != nullptr && std::signbit(*left) != std::signbit(*right)) return false;
  return a == b;
}

}  // namespace

// ---- unions ----

Suit Walk::suit(const StructSchema& type, const Value& value) const {
  const Value* tag = nullptr;
  if (const auto* items = value.get_if<Value::Array>()) {
    if (!type.array_like) return Suit::none;
    if (!items->empty()) tag = &items->front();
  } else if (value.get_if<Value::Map>() == nullptr || type.array_like) {
    return Suit::none;
  } else {
    tag = type.tag ? value.find(type.tag_field) : nullptr;
  }
  if (!type.tag) return Suit::converted;
  return tag != nullptr && *tag == *type.tag ? Suit::exact : Suit::none;
}

Suit Walk::suit(const TypeSchema& type, const Value& value) const {
  const auto exactly = [](bool yes) { return yes ? Suit::exact : Suit::none; };
  const bool is_text = value.get_if<std::string>() != nullptr;
  switch (type.kind) {
    case TypeKind::any:
    case TypeKind::raw: return Suit::anything;
    case TypeKind::unknown:
      return value.get_if<Value::Map>() != nullptr || value.get_if<Value::Array>() != nullptr ? Suit::anything : Suit::none;
    case TypeKind::null: return exactly(value.is_null());
    case TypeKind::boolean: return exactly(value.get_if<bool>() != nullptr);
    case TypeKind::integer: return exactly(is_integer(value));
    case TypeKind::floating:
      return value.get_if<double>() != nullptr ? Suit::exact : is_integer(value) ? Suit::converted : Suit::none;
    case TypeKind::bytes:
      return value.get_if<Bytes>() != nullptr ? Suit::exact : is_text ? Suit::converted : Suit::none;
    case TypeKind::literal:
      return exactly(std::ranges::find(type.constants, value) != type.constants.end());
    case TypeKind::enumeration: {
      const EnumSchema* definition = schema_->find_enum(type.name);
      if (definition == nullptr) return Suit::none;
      if (std::ranges::find(definition->values, value, &EnumValueSchema::value) != definition->values.end()) return Suit::exact;
      return is_text || is_integer(value) ? Suit::anything : Suit::none;
    }
    case TypeKind::optional:
      return value.is_null() ? Suit::exact : !has_its_parts(type) ? Suit::none : suit(type.parts.front(), value);
    case TypeKind::array:
    case TypeKind::set:
    case TypeKind::tuple: return value.get_if<Value::Array>() != nullptr ? Suit::converted : Suit::none;
    case TypeKind::map: return value.get_if<Value::Map>() != nullptr ? Suit::converted : Suit::none;
    case TypeKind::ext: return exactly(value.get_if<Ext>() != nullptr);
    case TypeKind::structure: {
      const StructSchema* definition = schema_->find_struct(type.name);
      return definition == nullptr ? Suit::none : suit(*definition, value);
    }
    case TypeKind::variant: {
      Suit best = Suit::none;
      for (const TypeSchema& part : type.parts) best = std::min(best, suit(part, value));
      return best;
    }
    default: return exactly(is_text);
  }
}

bool Walk::alternative(const TypeSchema& type, const Value& value, Value& out) {
  if (type.first_match) {
    for (const TypeSchema& part : type.parts) {
      if (++attempts_ > attempts_max) return fail(ErrorCode::size_limit, "Too many alternatives to try");
      if (write(part, value, out)) return true;
      if (error_.code() == ErrorCode::size_limit || error_.code() == ErrorCode::depth_limit) return false;
    }
    return refuse("union", value);
  }
  const TypeSchema* best = nullptr;
  Suit best_suit = Suit::none;
  for (const TypeSchema& part : type.parts) {
    const Suit here = suit(part, value);
    if (here < best_suit) {
      best = &part;
      best_suit = here;
    }
  }
  return best == nullptr ? refuse("union", value) : write(*best, value, out);
}

// ---- structs ----

bool Walk::check_tag(const StructSchema& type, const Value& tag) {
  return tag == *type.tag || fail(ErrorCode::invalid_tag, "Another tag than that of `" + type.name + "`");
}

// An absent one is null here; is_left_out and as_array tell what that means.
bool Walk::member(const MemberSchema& member, const Value* value, Value& out) {
  if (value != nullptr) return at({PathSegment::Step::member, member.name, 0}, write(member.type, *value, out));
  out = Value();
  if (member.presence == Presence::optional || member.presence == Presence::unset) return true;
  if (member.presence == Presence::required || !member.default_value) {
    return fail(ErrorCode::missing_field, "Object missing required field `" + member.name + "`");
  }
  return at({PathSegment::Step::member, member.name, 0}, write(member.type, *member.default_value, out));
}

bool Walk::is_left_out(const StructSchema& type, const MemberSchema& member, const Value* value, const Value& written) {
  if (value == nullptr && member.presence == Presence::unset) return true;
  if (member.omit_empty && is_empty(written)) return true;
  if (!type.omit_defaults) return false;
  if (member.presence == Presence::optional) return written.is_null();
  if (member.presence != Presence::defaulted || !member.default_value) return false;
  if (value == nullptr) return true;
  Value standard;
  if (!write(member.type, *member.default_value, standard)) {
    error_ = Error();
    return false;
  }
  return same(written, standard);
}

bool Walk::as_array(const StructSchema& type, const Value& value, Value& out) {
  const auto* from = value.get_if<Value::Array>();
  if (from == nullptr) return refuse("array", value);
  const std::size_t tags = type.tag ? 1 : 0;
  if (from->size() < tags) return fail(ErrorCode::missing_field, "Array without the tag of `" + type.name + "`");
  if (from->size() > tags + type.members.size()) {
    return fail(ErrorCode::invalid_length, "Expected `array` of at most length " + std::to_string(tags + type.members.size()));
  }
  if (tags != 0 && !check_tag(type, from->front())) return false;
  Value::Array made(tags + type.members.size());
  if (tags != 0) made.front() = *type.tag;
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    const bool present = tags + i < from->size();
    if (!present && type.members[i].presence == Presence::unset) {
      return fail(ErrorCode::unsupported, "An unset member has no place in an array-like struct");
    }
    if (!member(type.members[i], present ? &(*from)[tags + i] : nullptr, made[tags + i])) return false;
  }
  out = Value(std::move(made));
  return true;
}

// What no member takes: kept behind the members, or an error.
bool Walk::kept_fields(const StructSchema& type, const Value::Map& from, Value::Map& out) {
  Value::Map kept;
  for (const auto& [field, value] : from) {
    const auto* name = field.get_if<std::string>();
    if (name == nullptr) return fail(ErrorCode::type_mismatch, "A field whose name is no text");
    if (type.find(*name) != nullptr || (type.tag && *name == type.tag_field)) continue;
    if (type.unknown_fields != UnknownFields::keep) {
      return fail(ErrorCode::unknown_field, "Object contains unknown field `" + *name + "`");
    }
    Value copy;
    if (!dynamic(value, copy)) return false;
    kept.push_back({Value(*name), std::move(copy)});
  }
  if (sorted_) sort_entries(kept);
  std::ranges::move(kept, std::back_inserter(out));
  return true;
}

bool Walk::as_map(const StructSchema& type, const Value& value, Value& out) {
  const auto* from = value.get_if<Value::Map>();
  if (from == nullptr) return refuse("object", value);
  Value::Map made;
  made.reserve(from->size() + 1);
  if (type.tag) {
    const Value* tag = value.find(type.tag_field);
    if (tag != nullptr && !check_tag(type, *tag)) return false;
    made.push_back({Value(type.tag_field), *type.tag});
  }
  for (const MemberSchema& each : type.members) {
    if (each.decode_only) continue;
    const Value* given = value.find(each.name);
    Value written;
    if (!member(each, given, written)) return false;
    if (is_left_out(type, each, given, written)) continue;
    made.push_back({Value(each.name), std::move(written)});
  }
  if (!kept_fields(type, *from, made)) return false;
  out = Value(std::move(made));
  return true;
}

bool Walk::structure(const StructSchema& type, const Value& value, Value& out) {
  return type.array_like ? as_array(type, value, out) : as_map(type, value, out);
}

}  // namespace structwire::contract::schema_writing
