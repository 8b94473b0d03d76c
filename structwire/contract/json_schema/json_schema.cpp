// SPDX-License-Identifier: Apache-2.0

// Types here, definitions (structs and enums) in json_schema_definition.cpp; both are one JsonSchemaMaker.

#include <structwire/contract/json_schema.hpp>

#include <algorithm>

#include <structwire/contract/json_schema/json_schema_maker.hpp>
#include <structwire/contract/json_schema/json_schema_text.hpp>

namespace structwire::contract {

using schema_node::put;

namespace {

constexpr unsigned depth_max = 512;
// Lengths beyond say nothing of any text that there is.
constexpr std::uint64_t length_told_max = std::uint64_t{1} << 53;

Value sorted(Value::Array values) {
  std::ranges::sort(values);
  return Value(std::move(values));
}

/// The least and the largest integer of a width that is worth telling: 64 bits are what integers have anyway.
std::optional<Value> least_of(const TypeSchema& type) {
  if (type.is_unsigned) return Value(0);
  if (type.bits == 0 || type.bits >= 64) return std::nullopt;
  return Value(-(std::int64_t{1} << (type.bits - 1)));
}
std::optional<Value> largest_of(const TypeSchema& type) {
  if (type.bits == 0 || type.bits >= 64) return std::nullopt;
  return Value((std::int64_t{1} << (type.bits - (type.is_unsigned ? 0 : 1))) - 1);
}

bool is_wide_open(const TypeSchema& type) { return type.kind == TypeKind::any || type.kind == TypeKind::raw; }

}  // namespace

// ---- nodes ----

void schema_node::put(Value::Map& node, std::string_view key, Value value) {
  for (Value::Entry& entry : node) {
    if (entry.key == Value(key)) {
      entry.value = std::move(value);
      return;
    }
  }
  node.push_back({Value(key), std::move(value)});
}

void schema_node::merge(Value::Map& node, const Value::Map& more) {
  for (const Value::Entry& entry : more) {
    const auto found = std::ranges::find(node, entry.key, &Value::Entry::key);
    if (found == node.end()) {
      node.push_back(entry);
      continue;
    }
    auto* inner = found->value.get_if<Value::Map>();
    const auto* other = entry.value.get_if<Value::Map>();
    if (inner != nullptr && other != nullptr) {
      merge(*inner, *other);
    } else {
      found->value = entry.value;
    }
  }
}

void schema_node::put_texts(Value::Map& node, const std::string& title, const std::string& description,
                            const std::optional<Value>& extra) {
  if (!title.empty()) put(node, "title", Value(title));
  if (!description.empty()) put(node, "description", Value(description));
  if (extra) {
    if (const auto* keys = extra->get_if<Value::Map>()) merge(node, *keys);
  }
}

// ---- what all kinds have ----

void JsonSchemaMaker::fail(ErrorCode code, std::string text) {
  if (!error_) error_ = Error(code, std::move(text));
}

Value JsonSchemaMaker::reference(const std::string& name) {
  const auto found = component_names_.find(name);
  if (found == component_names_.end()) {
    fail(ErrorCode::malformed, "the Schema refers to `" + name + "`, which it does not define");
    return Value();
  }
  constexpr std::string_view place = "{name}";
  std::string text(options_.ref_template);
  if (const std::size_t at = text.find(place); at != text.npos) text.replace(at, place.size(), found->second);
  return Value(std::move(text));
}

bool JsonSchemaMaker::enter() {
  if (depth_ < depth_max) {
    ++depth_;
    return true;
  }
  fail(ErrorCode::malformed, "types nested deeper than " + std::to_string(depth_max));
  return false;
}

Value::Map JsonSchemaMaker::node(const TypeSchema& type) {
  Value::Map made;
  if (!enter()) return made;
  schema_node::put_texts(made, type.title, type.description, type.schema_extra);
  add_kind(made, type);
  --depth_;
  return made;
}

Value::Array JsonSchemaMaker::nodes(std::span<const TypeSchema> types) {
  Value::Array made;
  for (const TypeSchema& type : types) made.emplace_back(node(type));
  return made;
}

const TypeSchema& JsonSchemaMaker::part(const TypeSchema& type, std::size_t index) {
  static const TypeSchema anything;
  if (index < type.parts.size()) return type.parts[index];
  fail(ErrorCode::malformed, "`" + std::string(name_of(type.kind)) + "` without what it holds");
  return anything;
}

// ---- kinds ----

void JsonSchemaMaker::add_kind(Value::Map& made, const TypeSchema& type) {
  switch (type.kind) {
    case TypeKind::any:
    case TypeKind::raw: break;
    case TypeKind::null: put(made, "type", Value("null")); break;
    case TypeKind::boolean: put(made, "type", Value("boolean")); break;
    case TypeKind::integer:
    case TypeKind::floating: add_number(made, type); break;
    case TypeKind::text: add_text(made, type); break;
    case TypeKind::bytes: add_bytes(made, type); break;
    case TypeKind::datetime:
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::duration:
    case TypeKind::uuid:
    case TypeKind::decimal: add_text_scalar(made, type); break;
    case TypeKind::literal: put(made, "enum", sorted(type.constants)); break;
    case TypeKind::enumeration:
    case TypeKind::structure: put(made, "$ref", reference(type.name)); break;
    case TypeKind::optional: add_optional(made, type); break;
    case TypeKind::array:
    case TypeKind::set: add_array(made, type); break;
    case TypeKind::map: add_map(made, type); break;
    case TypeKind::tuple: add_tuple(made, type); break;
    case TypeKind::variant: add_variant(made, type); break;
    case TypeKind::ext:
      fail(ErrorCode::unsupported, "JSON has no form for a MessagePack extension (`ext`)" + where_);
      break;
    case TypeKind::unknown: put(made, "type", Value("object")); break;  // Outside of a variant there is none.
  }
}

void JsonSchemaMaker::add_number(Value::Map& made, const TypeSchema& type) {
  const bool is_integer = type.kind == TypeKind::integer;
  put(made, "type", Value(is_integer ? "integer" : "number"));
  const auto add = [&](std::string_view key, const std::optional<Value>& bound) {
    if (bound) put(made, key, *bound);
  };
  const auto least = is_integer ? least_of(type) : std::nullopt;
  const auto largest = is_integer ? largest_of(type) : std::nullopt;
  const auto& low = type.ge ? type.ge : type.gt;
  const auto& high = type.le ? type.le : type.lt;
  const bool tells_least = least && (!low || describe_detail::is_number_below(*low, *least));
  const bool tells_largest = largest && (!high || describe_detail::is_number_below(*largest, *high));
  add("minimum", tells_least ? least : type.ge);
  add("exclusiveMinimum", type.gt);
  add("maximum", tells_largest ? largest : type.le);
  add("exclusiveMaximum", type.lt);
  add("multipleOf", type.multiple_of);
}

void JsonSchemaMaker::add_lengths(Value::Map& made, std::string_view least, std::string_view most,
                                  const std::optional<std::uint64_t>& low, const std::optional<std::uint64_t>& high) {
  if (high && *high <= length_told_max) put(made, most, Value(*high));
  if (low) put(made, least, Value(std::min(*low, length_told_max)));
}

void JsonSchemaMaker::add_text(Value::Map& made, const TypeSchema& type) {
  put(made, "type", Value("string"));
  add_lengths(made, "minLength", "maxLength", type.min_length, type.max_length);
  if (type.pattern) put(made, "pattern", Value(ecma_pattern(*type.pattern)));
}

void JsonSchemaMaker::add_bytes(Value::Map& made, const TypeSchema& type) {
  const auto length_of = [&](const std::optional<std::uint64_t>& bytes, auto encoded) -> std::optional<std::uint64_t> {
    if (!bytes || *bytes > length_told_max) return bytes;
    return encoded(type.bytes_text, *bytes);
  };
  put(made, "type", Value("string"));
  put(made, "contentEncoding", Value(content_encoding(type.bytes_text)));
  add_lengths(made, "minLength", "maxLength", length_of(type.min_length, encoded_length_min),
              length_of(type.max_length, encoded_length_max));
  put(made, "pattern", Value(text_pattern(type)));
}

void JsonSchemaMaker::add_text_scalar(Value::Map& made, const TypeSchema& type) {
  const bool may_be_number = type.kind == TypeKind::decimal && decodes();
  put(made, "type", may_be_number ? Value(Value::Array{"string", "number"}) : Value("string"));
  if (const std::string_view format = text_format(type); !format.empty()) put(made, "format", Value(format));
  put(made, "pattern", Value(text_pattern(type)));
  // Annotations that validators of formats know; JSON Schema itself compares no texts.
  const auto add = [&](std::string_view key, const std::optional<Value>& bound) {
    if (bound) put(made, key, *bound);
  };
  add("formatMinimum", type.ge);
  add("formatExclusiveMinimum", type.gt);
  add("formatMaximum", type.le);
  add("formatExclusiveMaximum", type.lt);
}

void JsonSchemaMaker::add_optional(Value::Map& made, const TypeSchema& type) {
  const TypeSchema& held = part(type, 0);
  if (is_wide_open(held)) return schema_node::merge(made, node(held));
  Value::Array choices = held.kind == TypeKind::variant ? choices_of(held) : Value::Array{Value(node(held))};
  const Value null(Value::Map{{Value("type"), Value("null")}});
  if (std::ranges::find(choices, null) == choices.end()) choices.push_back(null);
  put(made, "anyOf", Value(std::move(choices)));
}

void JsonSchemaMaker::add_array(Value::Map& made, const TypeSchema& type) {
  const TypeSchema& items = part(type, 0);
  put(made, "type", Value("array"));
  if (items.kind != TypeKind::any) put(made, "items", Value(node(items)));
  const bool is_fixed = type.size.has_value();
  add_lengths(made, "minItems", "maxItems", is_fixed ? type.size : type.min_length,
              is_fixed ? type.size : type.max_length);
  if (type.kind == TypeKind::set && !decodes()) put(made, "uniqueItems", Value(true));
}

void JsonSchemaMaker::add_tuple(Value::Map& made, const TypeSchema& type) {
  put(made, "type", Value("array"));
  put(made, "minItems", Value(type.parts.size()));
  put(made, "maxItems", Value(type.parts.size()));
  if (type.parts.empty()) return;
  put(made, "prefixItems", Value(nodes(type.parts)));
  put(made, "items", Value(false));
}

void JsonSchemaMaker::add_map(Value::Map& made, const TypeSchema& type) {
  const TypeSchema& mapped = part(type, 1);
  put(made, "type", Value("object"));
  if (Value::Map names = key_node(part(type, 0)); !names.empty()) put(made, "propertyNames", Value(std::move(names)));
  if (mapped.kind != TypeKind::any) put(made, "additionalProperties", Value(node(mapped)));
  add_lengths(made, "minProperties", "maxProperties", type.min_length, type.max_length);
}

/// What the text of a key is like; empty where it may be any. Keys are text, so that no `type` is said.
Value::Map JsonSchemaMaker::key_node(const TypeSchema& type) {
  Value::Map made;
  if (!enter()) return made;
  schema_node::put_texts(made, type.title, type.description, type.schema_extra);
  add_key(made, type);
  --depth_;
  return made;
}

void JsonSchemaMaker::add_key(Value::Map& made, const TypeSchema& type) {
  switch (type.kind) {
    case TypeKind::integer: put(made, "pattern", Value(integer_key_pattern(type.is_unsigned))); break;
    case TypeKind::floating: put(made, "pattern", Value(number_key_pattern())); break;
    case TypeKind::decimal: put(made, "pattern", Value(decimal_key_pattern())); break;
    case TypeKind::literal: put(made, "enum", key_texts(type.constants)); break;
    case TypeKind::enumeration: add_enum_key(made, type); break;
    case TypeKind::variant: {
      Value::Array choices;
      for (const TypeSchema& alternative : type.parts) {
        Value::Map choice = key_node(alternative);
        if (choice.empty()) return;
        choices.emplace_back(std::move(choice));
      }
      if (!choices.empty()) put(made, "anyOf", Value(std::move(choices)));
      break;
    }
    case TypeKind::any: break;
    default: {
      add_kind(made, type);
      std::erase_if(made, [](const Value::Entry& entry) { return entry.key == Value("type"); });
    }
  }
}

void JsonSchemaMaker::add_enum_key(Value::Map& made, const TypeSchema& type) {
  const EnumSchema* found = definitions_.find_enum(type.name);
  const bool by_value = found != nullptr && !found->values.empty() && !is_text(found->values.front().value);
  if (!by_value) return put(made, "$ref", reference(type.name));
  if (decodes() && !found->catch_all.empty()) return put(made, "pattern", Value(integer_key_pattern(false)));
  Value::Array values;
  for (const EnumValueSchema& each : found->values) values.push_back(each.value);
  put(made, "enum", key_texts(std::move(values)));
}

bool JsonSchemaMaker::is_text(const Value& value) { return value.get_if<std::string>() != nullptr; }

Value JsonSchemaMaker::key_texts(Value::Array constants) {
  std::ranges::sort(constants);
  Value::Array texts;
  for (const Value& constant : constants) texts.push_back(is_text(constant) ? constant : Value(json_text(constant)));
  return Value(std::move(texts));
}

// ---- several types ----

namespace {

/// Every character that a reference could not hold is an underscore; scopes are told by dots.
std::string component_name(std::string_view name) {
  std::string made;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (name.substr(i).starts_with("::")) {
      made += '.';
      ++i;
    } else {
      made += plain ? c : '_';
    }
  }
  return made;
}

}  // namespace

JsonSchemaMaker::JsonSchemaMaker(const Schema& definitions, const JsonSchemaOptions& options)
    : definitions_(definitions), options_(options) {
  const auto announce = [&](const std::string& name) {
    const std::string base = component_name(name);
    std::string unique = base;
    const auto is_taken = [&](const std::string& wanted) {
      return std::ranges::any_of(component_names_, [&](const auto& each) { return each.second == wanted; });
    };
    for (int i = 2; is_taken(unique); ++i) unique = base + "_" + std::to_string(i);
    component_names_.try_emplace(name, unique);
  };
  for (const StructSchema& each : definitions.structs) announce(each.name);
  for (const EnumSchema& each : definitions.enums) announce(each.name);
}

Result<JsonSchemas> JsonSchemaMaker::make(std::span<const TypeSchema> types) {
  JsonSchemas made;
  for (const TypeSchema& type : types) made.schemas.emplace_back(node(type));
  for (const StructSchema& each : definitions_.structs) {
    made.components.push_back({Value(component_names_[each.name]), Value(definition(each))});
  }
  for (const EnumSchema& each : definitions_.enums) {
    made.components.push_back({Value(component_names_[each.name]), Value(definition(each))});
  }
  if (error_) return std::unexpected(std::move(*error_));
  return made;
}

Result<JsonSchemas> json_schemas(std::span<const TypeSchema> types, const Schema& definitions,
                                 const JsonSchemaOptions& options) {
  return JsonSchemaMaker(definitions, options).make(types);
}

Result<Value> json_schema(const Schema& schema, const JsonSchemaOptions& options) {
  auto made = json_schemas({&schema.type, 1}, schema, options);
  if (!made) return std::unexpected(std::move(made.error()));
  Value::Map root;
  if (options.names_draft) put(root, "$schema", Value("https://json-schema.org/draft/2020-12/schema"));
  schema_node::merge(root, *made->schemas.front().get_if<Value::Map>());
  if (!made->components.empty()) put(root, "$defs", Value(std::move(made->components)));
  return Value(std::move(root));
}

std::string json_text(const Value& schema) { return json::encode(schema); }

}  // namespace structwire::contract
