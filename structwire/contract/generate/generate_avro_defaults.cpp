// SPDX-License-Identifier: Apache-2.0

// Avro's JSON for defaults: enums are symbols, dates and times numbers, bytes text of one character each.

#include <algorithm>
#include <chrono>
#include <iterator>

#include <structwire/contract/generate/generate_avro.hpp>
#include <structwire/core/date.hpp>
#include <structwire/core/datetime.hpp>
#include <structwire/core/time_of_day.hpp>
#include <structwire/json.hpp>

namespace structwire::contract::generation::avro {
namespace {

using Map = Value::Map;

bool is_by_name(const EnumSchema& definition) { return is_text(definition.values.front().value); }

/// Bytes are text in Avro's JSON, each the character of its number.
Value bytes_value(const TypeSchema& type, const Value& value) {
  const auto bytes = bytes_of_text(type, value);
  std::string text;
  for (const std::byte byte : bytes.value_or(Bytes())) {
    const auto character = std::to_integer<unsigned>(byte);
    if (character < 0x80) {
      text += static_cast<char>(character);
    } else {
      text += static_cast<char>(0xC0 | (character >> 6));
      text += static_cast<char>(0x80 | (character & 0x3F));
    }
  }
  return Value(std::move(text));
}

/// What a union's branches are made of, in their order.
std::vector<TypeSchema> alternatives_of(const TypeSchema& type) {
  if (type.kind != TypeKind::optional && type.kind != TypeKind::variant) return {type};
  std::vector<TypeSchema> made;
  if (type.kind == TypeKind::optional) made.emplace_back().kind = TypeKind::null;
  for (const TypeSchema& part : type.parts) {
    if (part.kind == TypeKind::unknown) continue;
    std::ranges::move(alternatives_of(part), std::back_inserter(made));
  }
  return made;
}

}  // namespace

bool is_text_key(const TypeSchema& type, const Outline& outline) {
  using enum TypeKind;
  if (type.kind == enumeration) return is_by_name(outline.enumeration(type));
  if (type.kind == literal) return std::ranges::all_of(type.constants, is_text);
  return type.kind == text || type.kind == uuid || type.kind == date || type.kind == datetime || type.kind == time ||
         type.kind == duration || type.kind == decimal;
}

std::vector<std::string> symbols_of(const EnumSchema& definition) {
  const bool are_names = std::ranges::all_of(definition.values, [](const EnumValueSchema& each) {
    return is_text(each.value) && is_identifier(*each.value.get_if<std::string>());
  });
  std::vector<std::string> symbols;
  Names taken;
  for (const EnumValueSchema& each : definition.values) {
    symbols.push_back(taken.take(are_names ? *each.value.get_if<std::string>() : identifier(each.name)));
  }
  return symbols;
}

std::vector<std::string> field_names(const StructSchema& definition) {
  std::vector<std::string> names;
  Names taken;
  for (const MemberSchema& member : definition.members) {
    names.push_back(taken.take(is_identifier(member.name) ? member.name : identifier(member.cpp_name())));
  }
  return names;
}

bool is_nullable(const MemberSchema& member) {
  const bool has_default = member.default_value.has_value();
  return member.presence == Presence::unset || (!has_default && (member.omit_empty || member.decode_only));
}

template <class T, class Count>
Value Defaults::whole(const Value& value, Count count) {
  const auto decoded = json::decode<T>(json_of(value));
  if (decoded) return Value(static_cast<std::int64_t>(count(*decoded)));
  failure_.fail("The default " + json_of(value) + " is not of its type");
  return value;
}

bool Defaults::fits(const TypeSchema& type, const Value& value) const {
  using enum TypeKind;
  const bool is_integer = value.get_if<std::int64_t>() != nullptr || value.get_if<std::uint64_t>() != nullptr;
  switch (type.kind) {
    case null:
      return value.is_null();
    case boolean:
      return value.get_if<bool>() != nullptr;
    case integer:
      return is_integer;
    case floating:
      return is_integer || value.get_if<double>() != nullptr;
    case literal:
      return std::ranges::find(type.constants, value) != type.constants.end();
    case enumeration: {
      const auto& values = outline_.enumeration(type).values;
      return std::ranges::find(values, value, &EnumValueSchema::value) != values.end();
    }
    case structure: {
      const StructSchema& definition = outline_.structure(type);
      if (definition.array_like) return value.get_if<Value::Array>() != nullptr;
      if (value.get_if<Map>() == nullptr) return false;
      const Value* tag = definition.tag ? value.find(definition.tag_field) : nullptr;
      return tag == nullptr || *tag == *definition.tag;
    }
    case array:
    case set:
    case tuple:
      return value.get_if<Value::Array>() != nullptr;
    case map:
      return value.get_if<Map>() != nullptr;
    default:
      return is_text(value);
  }
}

Value Defaults::value_of(const TypeSchema& type, const Value& value) {
  using enum TypeKind;
  switch (type.kind) {
    case floating:
      if (const auto* integer = value.get_if<std::int64_t>()) return Value(static_cast<double>(*integer));
      return value;
    case bytes:
      return bytes_value(type, value);
    case date:
      return whole<std::chrono::year_month_day>(
          value, [](const auto& day) { return std::chrono::sys_days(day).time_since_epoch().count(); });
    case datetime:
      if (!type.zoned) return value;
      return whole<DateTime>(value, [](const DateTime& instant) { return instant.utc().time_since_epoch().count(); });
    case time:
      if (!is_plain_time(type)) return value;
      return whole<TimeOfDay>(value, [](const TimeOfDay& time) { return time.since_midnight.count(); });
    case enumeration: {
      const EnumSchema& definition = outline_.enumeration(type);
      const auto found = std::ranges::find(definition.values, value, &EnumValueSchema::value);
      return Value(symbols_of(definition)[static_cast<std::size_t>(found - definition.values.begin())]);
    }
    case structure:
      return record_value(outline_.structure(type), value);
    case array:
    case set:
    case tuple:
      return items_value(type, *value.get_if<Value::Array>());
    case map:
      return map_value(type, *value.get_if<Map>());
    default:
      return value;
  }
}

/// A value inside a default: of a union only the first branch can be written there. That of a member with a default
/// is the default's.
Value Defaults::inner_value(const TypeSchema& type, const Value& value, const MemberSchema* member) {
  const bool has_null_in_front = member != nullptr && is_nullable(*member);
  if (has_null_in_front && value.is_null()) return {};
  const std::vector<TypeSchema> alternatives = alternatives_of(type);
  const TypeSchema* first = &alternatives.front();
  if (member != nullptr && member->presence != Presence::required && member->default_value.has_value()) {
    const auto found =
        std::ranges::find_if(alternatives, [&](const TypeSchema& each) { return fits(each, *member->default_value); });
    if (found != alternatives.end()) first = &*found;
  }
  if (!has_null_in_front && fits(*first, value)) return value_of(*first, value);
  failure_.fail("Avro's defaults hold only the first alternative of a union");
  return {};
}

Value Defaults::items_value(const TypeSchema& type, const Value::Array& items) {
  Value::Array made;
  Map fields;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (type.kind != TypeKind::tuple) {
      made.push_back(inner_value(type.parts.front(), items[i]));
    } else if (i < type.parts.size()) {
      fields.push_back({Value("item_" + std::to_string(i + 1)), inner_value(type.parts[i], items[i])});
    }
  }
  return type.kind == TypeKind::tuple ? Value(std::move(fields)) : Value(std::move(made));
}

Value Defaults::map_value(const TypeSchema& type, const Map& entries) {
  const bool is_map = is_text_key(type.parts.front(), outline_);
  Map made;
  for (const auto& [key, held] : entries) {
    made.push_back({key, inner_value(type.parts.back(), held)});
  }
  if (is_map) return Value(std::move(made));
  if (!made.empty()) failure_.fail("Avro has no default of a map whose keys are no text");
  return Value(Value::Array());
}

Value Defaults::record_value(const StructSchema& definition, const Value& value) {
  const std::vector<std::string> names = field_names(definition);
  const auto* items = value.get_if<Value::Array>();
  Map made;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const MemberSchema& member = definition.members[i];
    const std::size_t at = i + (definition.tag ? 1 : 0);
    const Value* held = items == nullptr ? value.find(member.name) : at < items->size() ? &(*items)[at] : nullptr;
    if (held == nullptr && member.default_value.has_value()) held = &*member.default_value;
    made.push_back({Value(names[i]), held == nullptr ? Value() : inner_value(member.type, *held, &member)});
  }
  return Value(std::move(made));
}

}  // namespace structwire::contract::generation::avro
