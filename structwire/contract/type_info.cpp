// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/type_info.hpp>

#include <algorithm>

#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

// In quotes as Python writes them, whose notation the rest is.
std::string in_quotes(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '\'';
}

class Bounds {
 public:
  template <class Bound>
  void add(std::string_view name, const std::optional<Bound>& bound) {
    if (bound) add(name, json::encode(*bound));
  }
  void add(std::string_view name, std::string_view text) {
    text_ += text_.empty() ? "[" : ", ";
    text_ += name;
    if (!text.empty()) (text_ += '=') += text;
  }
  std::string text() && { return text_.empty() ? text_ : text_ + ']'; }

 private:
  std::string text_;
};

std::string bounds_of(const TypeSchema& type) {
  Bounds bounds;
  bounds.add("gt", type.gt);
  bounds.add("ge", type.ge);
  bounds.add("lt", type.lt);
  bounds.add("le", type.le);
  bounds.add("multiple_of", type.multiple_of);
  bounds.add("min_length", type.min_length);
  bounds.add("max_length", type.max_length);
  if (type.pattern) bounds.add("pattern", in_quotes(*type.pattern));
  if (type.zoned) bounds.add("tz", *type.zoned ? "True" : "False");
  if (!type.tick.empty()) {
    bounds.add("tick", type.tick);
    if (type.bits != 64) bounds.add("bits", std::to_string(type.bits));
    if (type.is_unsigned) bounds.add("unsigned", "");
  }
  if (type.kind == TypeKind::bytes && type.bytes_text != BytesStyle::base64) {
    constexpr const auto& styles = enum_table<BytesStyle>;
    bounds.add("text", styles.names[styles.position(type.bytes_text)]);
  }
  return std::move(bounds).text();
}

std::string joined(const std::vector<TypeSchema>& types, std::string_view separator) {
  std::string text;
  for (const TypeSchema& type : types) {
    if (!text.empty()) text += separator;
    text += type_text(type);
  }
  return text;
}

std::string number_name(const TypeSchema& type) {
  if (type.kind == TypeKind::floating) return type.bits == 32 ? "float32" : "float";
  if (type.bits == 64 && !type.is_unsigned) return "int";
  return (type.is_unsigned ? "uint" : "int") + std::to_string(type.bits);
}

// Null comes last, wherever it was declared.
std::string union_text(const TypeSchema& type) {
  std::string text;
  for (const TypeSchema& part : type.parts) {
    if (part.kind == TypeKind::null) continue;
    if (!text.empty()) text += " | ";
    text += type_text(part);
  }
  const bool has_null =
      std::ranges::any_of(type.parts, [](const TypeSchema& part) { return part.kind == TypeKind::null; });
  if (has_null) text += text.empty() ? "null" : " | null";
  return type.first_match ? "first(" + text + ")" : text;
}

std::string constants_text(const Value::Array& constants) {
  std::string text;
  for (const Value& constant : constants) {
    if (!text.empty()) text += ", ";
    text += json::encode(constant);
  }
  return text;
}

std::string plain_text(const TypeSchema& type) {
  switch (type.kind) {
    case TypeKind::integer:
    case TypeKind::floating: return number_name(type);
    case TypeKind::literal: return "literal(" + constants_text(type.constants) + ")";
    case TypeKind::enumeration: return "enum " + type.name;
    case TypeKind::structure: return type.name;
    case TypeKind::optional: {
      const std::string held = joined(type.parts, " | ");
      // What takes everything takes null, and what ends in null says so once.
      const bool is_any = held == "any";
      const bool says_null = is_any || held.ends_with("| null");
      return says_null ? held : held + " | null";
    }
    case TypeKind::array:
      if (type.size) return "array<" + joined(type.parts, ", ") + ", " + std::to_string(*type.size) + ">";
      return "list<" + joined(type.parts, ", ") + ">";
    case TypeKind::set:
    case TypeKind::map:
    case TypeKind::tuple: return std::string(name_of(type.kind)) + "<" + joined(type.parts, ", ") + ">";
    case TypeKind::variant: return union_text(type);
    case TypeKind::ext: return type.code ? "ext(" + std::to_string(*type.code) + ")" : "ext";
    default: return std::string(name_of(type.kind));
  }
}

// A type with a codec of the program, by its name and what it is carried as.
std::string kind_text(const TypeSchema& type) {
  const bool names_definition =
      type.kind == TypeKind::structure || type.kind == TypeKind::enumeration || type.kind == TypeKind::ext;
  if (type.name.empty() || names_definition) return plain_text(type) + bounds_of(type);
  if (type.kind == TypeKind::any) return "custom(" + type.name + ")";
  return "custom(" + type.name + ": " + plain_text(type) + bounds_of(type) + ")";
}

}  // namespace

std::string type_text(const TypeSchema& type) {
  std::string text = kind_text(type);
  Value::Map said;
  if (!type.title.empty()) said.push_back({Value("title"), Value(type.title)});
  if (!type.description.empty()) said.push_back({Value("description"), Value(type.description)});
  if (const auto* more = type.schema_extra ? type.schema_extra->get_if<Value::Map>() : nullptr) {
    said.insert(said.end(), more->begin(), more->end());
  }
  if (said.empty()) return text;
  if (type.kind == TypeKind::optional || type.kind == TypeKind::variant) text = "(" + text + ")";
  return text + " {schema: " + json::encode(Value(std::move(said))) + "}";
}

std::string type_text(const MemberSchema& member) {
  return member.presence == Presence::unset ? type_text(member.type) + " | unset" : type_text(member.type);
}

TypeInfo type_info(Schema schema) {
  TypeInfo info;
  info.type = type_text(schema.type);
  if (const StructSchema* root = schema.root()) {
    for (const MemberSchema& each : root->members) {
      info.members.push_back({std::string(each.cpp_name()), each.name, type_text(each),
                              each.presence == Presence::required, each.default_value});
    }
  }
  info.schema = std::move(schema);
  return info;
}

}  // namespace structwire::contract
