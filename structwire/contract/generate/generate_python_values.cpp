// SPDX-License-Identifier: Apache-2.0

// Python's literals, and the defaults of members as expressions.

#include <optional>

#include <structwire/contract/generate/generate_python.hpp>
#include <structwire/core/date.hpp>
#include <structwire/json.hpp>

namespace structwire::contract::generation {
namespace {

void append_hex(std::string& out, unsigned character) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\x";
  out += digits[character >> 4];
  out += digits[character & 15];
}

}  // namespace

std::string python_text(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    const auto character = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      made += '\\';
      made += c;
    } else if (c == '\n') {
      made += "\\n";
    } else if (character < ' ' || character == 0x7f) {
      append_hex(made, character);
    } else {
      made += c;
    }
  }
  return made + "\"";
}

namespace {

std::string python_bytes(const Bytes& bytes) {
  std::string made = "b\"";
  for (const std::byte byte : bytes) {
    const auto character = std::to_integer<unsigned>(byte);
    if (character == '"' || character == '\\') {
      made += '\\';
      made += static_cast<char>(character);
    } else if (character < ' ' || character > '~') {
      append_hex(made, character);
    } else {
      made += static_cast<char>(character);
    }
  }
  return made + "\"";
}

}  // namespace

std::string python_literal(const Value& value) {
  if (value.is_null()) return "None";
  if (const auto* flag = value.get_if<bool>()) return *flag ? "True" : "False";
  if (const auto* text = value.get_if<std::string>()) return python_text(*text);
  if (const auto* bytes = value.get_if<Bytes>()) return python_bytes(*bytes);
  std::string made;
  if (const auto* items = value.get_if<Value::Array>()) {
    for (const Value& item : *items) made += (made.empty() ? "" : ", ") + python_literal(item);
    return "[" + made + "]";
  }
  if (const auto* entries = value.get_if<Value::Map>()) {
    for (const auto& [key, held] : *entries) {
      made += (made.empty() ? "" : ", ") + python_literal(key) + ": " + python_literal(held);
    }
    return "{" + made + "}";
  }
  return json_of(value);
}

std::string PythonModule::items_of(const TypeSchema& type, const Value& value, bool& is_immutable) {
  std::string made;
  const auto add = [&](std::string item) { made += (made.empty() ? "" : ", ") + std::move(item); };
  if (const auto* entries = value.get_if<Value::Map>()) {
    for (const auto& [key, held] : *entries) {
      add(value_of(type.parts.front(), key, is_immutable) + ": " + value_of(type.parts.back(), held, is_immutable));
    }
    return "{" + made + "}";
  }
  const auto& items = *value.get_if<Value::Array>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool is_tuple = type.kind == TypeKind::tuple && type.parts.size() == items.size();
    add(value_of(is_tuple ? type.parts[i] : type.parts.front(), items[i], is_immutable));
  }
  if (type.kind == TypeKind::tuple) return "(" + made + (items.size() == 1 ? ",)" : ")");
  return type.kind == TypeKind::set ? "{" + made + "}" : "[" + made + "]";
}

std::string PythonModule::value_of(const TypeSchema& type, const Value& value, bool& is_immutable) {
  using enum TypeKind;
  const auto* written = value.get_if<std::string>();
  const bool is_simple = type.kind == any || type.kind == null || type.kind == boolean || type.kind == integer ||
                         type.kind == floating || type.kind == text || type.kind == literal;
  const bool is_scalar = value.get_if<Value::Array>() == nullptr && value.get_if<Value::Map>() == nullptr;
  if (value.is_null() || (is_simple && is_scalar)) return python_literal(value);
  switch (type.kind) {
    case optional:
      return value_of(type.parts.front(), value, is_immutable);
    case bytes:
      if (const auto held = bytes_of_text(type, value)) return python_literal(Value(*held));
      break;
    case decimal:
      if (written == nullptr) break;
      import("decimal", "Decimal");
      return "Decimal(" + python_text(*written) + ")";
    case uuid:
      if (written == nullptr) break;
      import("uuid", "UUID");
      return "UUID(" + python_text(*written) + ")";
    case date: {
      const auto day =
          written == nullptr ? std::nullopt : std::optional(json::decode<std::chrono::year_month_day>(json_of(value)));
      if (!day || !*day) break;
      const auto& known = **day;
      import("datetime as dt");
      return "dt.date(" + std::to_string(static_cast<int>(known.year())) + ", " +
             std::to_string(static_cast<unsigned>(known.month())) + ", " +
             std::to_string(static_cast<unsigned>(known.day())) + ")";
    }
    case enumeration:
      for (const EnumValueSchema& each : outline_.enumeration(type).values) {
        if (each.value == value) return outline_.name(type.name) + "." + identifier(each.name);
      }
      break;
    case tuple:
      if (value.get_if<Value::Array>() != nullptr) return items_of(type, value, is_immutable);
      break;
    case variant:
      for (const TypeSchema& part : type.parts) {
        const bool is_same = (part.kind == text && written != nullptr) ||
                             (part.kind == integer && value.get_if<std::int64_t>() != nullptr) ||
                             (part.kind == floating && value.get_if<double>() != nullptr) ||
                             (part.kind == boolean && value.get_if<bool>() != nullptr);
        if (is_same) return python_literal(value);
      }
      break;
    case array:
    case set:
      if (value.get_if<Value::Array>() == nullptr || (type.kind == set && !is_hashable(type.parts.front()))) break;
      is_immutable = false;
      return items_of(type, value, is_immutable);
    case map:
      if (value.get_if<Value::Map>() == nullptr || type.parts.front().kind != TypeKind::text) break;
      is_immutable = false;
      return items_of(type, value, is_immutable);
    default:
      break;
  }
  is_immutable &= type.kind == datetime || type.kind == time || type.kind == duration;
  return conversion(type, value);
}

PythonModule::Default PythonModule::default_of(const MemberSchema& member) {
  using enum TypeKind;
  if (member.presence == Presence::required || member.presence == Presence::unset) return {};
  if (!member.default_value.has_value()) return {};
  const Value& value = *member.default_value;
  const auto* items = value.get_if<Value::Array>();
  const auto* entries = value.get_if<Value::Map>();
  const TypeKind kind = member.type.kind;
  if ((items != nullptr && items->empty()) || (entries != nullptr && entries->empty())) {
    if (kind == array) return {Default::Form::factory, "list"};
    if (kind == set) return {Default::Form::factory, is_hashable(member.type.parts.front()) ? "set" : "list"};
    if (kind == map) return {Default::Form::factory, "dict"};
  }
  bool is_immutable = true;
  std::string expression = value_of(member.type, value, is_immutable);
  if (kind == any && (items != nullptr || entries != nullptr)) is_immutable = false;
  if (is_immutable) return {Default::Form::value, std::move(expression)};
  return {Default::Form::factory, "lambda: " + std::move(expression)};
}

}  // namespace structwire::contract::generation
