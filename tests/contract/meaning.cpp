// SPDX-License-Identifier: Apache-2.0
#include <tests/contract/meaning.hpp>

#include <algorithm>
#include <string>

#include <structwire/core/base64.hpp>

namespace structwire::contract::mutation {
namespace {

// What a member holds; nullptr for an Unset that is not there.
const Value* held(const StructSchema& type, std::size_t index, const Value& value) {
  static const Value null;
  const MemberSchema& member = type.members[index];
  if (const auto* items = value.get_if<Value::Array>()) {
    const std::size_t place = index + (type.tag ? 1 : 0);
    if (place < items->size()) return &(*items)[place];
  } else if (const Value* found = value.find(member.name)) {
    return found;
  }
  if (member.presence == Presence::optional) return &null;
  return member.default_value ? &*member.default_value : nullptr;
}

bool is_integer(const Value& value) {
  return value.get_if<std::int64_t>() != nullptr || value.get_if<std::uint64_t>() != nullptr;
}

long double number(const Value& value) {
  if (const auto* integer = value.get_if<std::int64_t>()) return static_cast<long double>(*integer);
  if (const auto* large = value.get_if<std::uint64_t>()) return static_cast<long double>(*large);
  const auto* floating = value.get_if<double>();
  return floating == nullptr ? 0 : static_cast<long double>(*floating);
}

bool is_number(const Value& value) { return is_integer(value) || value.get_if<double>() != nullptr; }

// Which struct of a union a value is.
const StructSchema* struct_in(const Schema& schema, const TypeSchema& type, const Value& value) {
  if (type.kind == TypeKind::structure) return schema.find_struct(type.name);
  if (type.kind != TypeKind::variant) return nullptr;
  for (const TypeSchema& part : type.parts) {
    const StructSchema* each = part.kind == TypeKind::structure ? schema.find_struct(part.name) : nullptr;
    if (each == nullptr || !each->tag) continue;
    const auto* items = value.get_if<Value::Array>();
    const Value* tag = each->array_like ? (items && !items->empty() ? &items->front() : nullptr) : value.find(each->tag_field);
    if (tag != nullptr && *tag == *each->tag) return each;
  }
  return nullptr;
}

const std::string* enumerator(const EnumSchema& type, const Value& value) {
  const auto found = std::ranges::find(type.values, value, &EnumValueSchema::value);
  return found == type.values.end() ? nullptr : &found->name;
}

// Kept as it came, which is right where the reader knows no such struct.
bool is_right_unknown(const TypeSchema& type, const StructSchema& written) {
  const auto has = [&](TypeKind kind, std::string_view name) {
    return std::ranges::any_of(type.parts, [&](const TypeSchema& part) { return part.kind == kind && part.name == name; });
  };
  return has(TypeKind::unknown, "") && !has(TypeKind::structure, written.name);
}

// Defaults are held in their JSON form.
Bytes bytes_of(const Value& value) {
  if (const auto* bytes = value.get_if<Bytes>()) return *bytes;
  Bytes bytes;
  if (const auto* text = value.get_if<std::string>()) base64::decode(*text, bytes);
  return bytes;
}

}  // namespace

bool Meaning::same_enum(const EnumSchema& from, const Value& written, const EnumSchema& to, const Value& read) const {
  const std::string* before = enumerator(from, written);
  const std::string* after = enumerator(to, read);
  if (before == nullptr || after == nullptr) return false;
  const bool is_known = std::ranges::find(to.values, *before, &EnumValueSchema::name) != to.values.end();
  return *before == *after || (!is_known && *after == to.catch_all);
}

bool Meaning::same_struct(const StructSchema& from, const Value& written, const StructSchema& to, const Value& read) const {
  if (from.name != to.name) return false;
  for (std::size_t i = 0; i < to.members.size(); ++i) {
    const MemberSchema& after = to.members[i];
    const Value* now = held(to, i, read);
    const auto before = std::ranges::find(from.members, after.number, &MemberSchema::number);
    if (before == from.members.end()) {
      // Nobody wrote it, so only its default is right.
      const Value* standard = after.default_value ? &*after.default_value : nullptr;
      if (after.presence == Presence::required) return false;
      if ((now == nullptr) != (standard == nullptr)) return false;
      if (now != nullptr && !same(after.type, *standard, after.type, *now)) return false;
      continue;
    }
    const Value* then = held(from, static_cast<std::size_t>(before - from.members.begin()), written);
    if ((then == nullptr) != (now == nullptr)) return false;
    if (then != nullptr && !same(before->type, *then, after.type, *now)) return false;
  }
  return true;
}

bool Meaning::same(const TypeSchema& from, const Value& written, const TypeSchema& to, const Value& read) const {
  if (from.kind == TypeKind::optional && from.parts.size() == 1) {
    if (written.is_null()) return read.is_null();
    return same(from.parts[0], written, to, read);
  }
  if (to.kind == TypeKind::optional && to.parts.size() == 1) return same(from, written, to.parts[0], read);
  const StructSchema* before = struct_in(*writer_, from, written);
  const StructSchema* after = struct_in(*reader_, to, read);
  if (after != nullptr) return before != nullptr && same_struct(*before, written, *after, read);
  if (before != nullptr) return is_right_unknown(to, *before) && written == read;
  if (from.kind == TypeKind::enumeration && to.kind == TypeKind::enumeration) {
    const EnumSchema* one = writer_->find_enum(from.name);
    const EnumSchema* other = reader_->find_enum(to.name);
    return one != nullptr && other != nullptr && one->name == other->name && same_enum(*one, written, *other, read);
  }
  if (from.kind == TypeKind::bytes && to.kind == TypeKind::bytes) return bytes_of(written) == bytes_of(read);
  if (is_number(written) && is_number(read)) {
    // A float in JSON is the digits that tell it from other floats, so a double reads another number of the same float.
    const bool is_float = from.kind == TypeKind::floating && from.bits == 32;
    return is_float ? static_cast<float>(number(written)) == static_cast<float>(number(read)) : number(written) == number(read);
  }
  const auto* items = written.get_if<Value::Array>();
  const auto* others = read.get_if<Value::Array>();
  if (items != nullptr && others != nullptr && from.parts.size() == 1 && to.parts.size() == 1) {
    return std::ranges::equal(*items, *others, [&](const Value& a, const Value& b) { return same(from.parts[0], a, to.parts[0], b); });
  }
  const auto* entries = written.get_if<Value::Map>();
  const auto* other_entries = read.get_if<Value::Map>();
  if (entries != nullptr && other_entries != nullptr && from.parts.size() == 2 && to.parts.size() == 2) {
    return std::ranges::equal(*entries, *other_entries, [&](const Value::Entry& a, const Value::Entry& b) {
      return a.key == b.key && same(from.parts[1], a.value, to.parts[1], b.value);
    });
  }
  return written == read;
}

}  // namespace structwire::contract::mutation
