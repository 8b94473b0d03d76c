// SPDX-License-Identifier: Apache-2.0

// Descriptions of types: their portable text, and the members of structs.

#include <structwire/contract/type_info.hpp>
#include <structwire/core/base64.hpp>
#include <tests/msgspec/corpus_operations.hpp>
#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing::corpus {
namespace {

/// `{"$enum":"Fruit.APPLE"}` of a wire value; null for another type.
template <class E>
Value enumerator_of(std::string_view type, const Value& wire) {
  if (type != reflect::type_name<E>) return Value();
  const auto held = json::decode<E>(json::encode(wire));
  return held ? notation_of_enum(*held) : Value();
}
template <class... E>
Value enumerator_among(std::string_view type, const Value& wire) {
  Value found;
  ((found = found.is_null() ? enumerator_of<E>(type, wire) : found), ...);
  return found;
}

/// A default, which a Schema has in its JSON form, in the notation of the corpus.
class DefaultNotation {
 public:
  explicit DefaultNotation(const contract::Schema& schema) : schema_(schema) {}

  Value of(const contract::TypeSchema& type, const Value& value) const {
    using enum contract::TypeKind;
    switch (type.kind) {
      case optional: return value.is_null() ? value : of(type.parts.front(), value);
      case bytes: return of_bytes(value);
      case datetime:
      case date:
      case time:
      case uuid:
      case decimal: return tagged(name_of(type.kind), value);
      case duration: return of_duration(value);
      case enumeration: return enumerator_among<Color, Fruit, Level, Mode, Sparse>(type.name, value);
      case set: return tagged("set", of_items(type, value));
      case array:
      case tuple: return of_items(type, value);
      case map: return of_map(type, value);
      case structure: return of_struct(*schema_.find_struct(type.name), value);
      default: return value;
    }
  }

 private:
  static Value of_bytes(const Value& value) {
    Bytes decoded;
    base64::decode(*value.get_if<std::string>(), decoded);
    return notation_of(std::span<const std::byte>(decoded));
  }
  static Value of_duration(const Value& value) {
    std::chrono::microseconds length{};
    TextScalar<std::chrono::microseconds>::parse(*value.get_if<std::string>(), length);
    return notation_of(length);
  }
  Value of_items(const contract::TypeSchema& type, const Value& value) const {
    Value::Array items;
    for (const Value& item : *value.get_if<Value::Array>()) {
      items.push_back(of(type.parts[type.kind == contract::TypeKind::tuple ? items.size() : 0], item));
    }
    return Value(std::move(items));
  }
  Value of_map(const contract::TypeSchema& type, const Value& value) const {
    Value::Map entries = *value.get_if<Value::Map>();
    for (Value::Entry& entry : entries) entry.value = of(type.parts[1], entry.value);
    return Value(std::move(entries));
  }
  Value of_struct(const contract::StructSchema& type, const Value& value) const {
    if (type.array_like) return value;
    Value::Map members{{Value("$struct"), Value(type.name)}};
    for (const contract::MemberSchema& member : type.members) {
      const Value* found = value.find(member.name);
      if (found != nullptr) members.push_back({Value(member.cpp_name()), of(member.type, *found)});
    }
    return Value(std::move(members));
  }

  const contract::Schema& schema_;
};

Value fields_of(const contract::TypeInfo& info) {
  if (info.schema.root() == nullptr) return Value();
  Value::Array fields;
  for (std::size_t i = 0; i < info.members.size(); ++i) {
    const contract::MemberInfo& member = info.members[i];
    const contract::MemberSchema& described = info.schema.root()->members[i];
    Value::Map field{{Value("name"), Value(member.name)},
                     {Value("wire"), Value(member.wire)},
                     {Value("type"), Value(member.type)},
                     {Value("required"), Value(member.required)}};
    if (described.presence == contract::Presence::unset) {
      field.push_back({Value("default"), tagged("unset", Value(true))});
    } else if (member.default_value) {
      field.push_back({Value("default"), DefaultNotation(info.schema).of(described.type, *member.default_value)});
    }
    fields.emplace_back(std::move(field));
  }
  return Value(std::move(fields));
}

}  // namespace

Verdict run_type_info(const Row& row) {
  const CorpusType* type = find_type(row.type);
  if (type == nullptr) return unknown_type(row.type);
  const contract::TypeInfo info = contract::type_info(type->describe());
  const auto description = [](std::string_view text, const Value& fields) {
    return Value(Value::Map{{Value("portable"), Value(text)}, {Value("fields"), fields}});
  };
  return compare_schemas(description(info.type, fields_of(info)), description(row.portable, row.fields));
}

}  // namespace structwire::testing::corpus
