// SPDX-License-Identifier: Apache-2.0

// Types, their rules, and the alternatives of unions.

#include <algorithm>
#include <cstdint>

#include <structwire/contract/reader/schema_preparation.hpp>
#include <structwire/contract/reader/schema_scalars.hpp>
#include <structwire/contract/schema_reader.hpp>

namespace structwire::contract::schema_reading {

bool Preparation::type(const TypeSchema& schema, Type& out, unsigned depth, unsigned wrappers) {
  if (depth == SchemaLimits::type_depth) {
    return fail("Types nested deeper than " + std::to_string(SchemaLimits::type_depth) + " levels");
  }
  const bool wraps = schema.kind == TypeKind::optional || schema.kind == TypeKind::variant;
  if (wraps && wrappers == SchemaLimits::wrapper_depth) {
    return fail("Optionals and unions nested deeper than " + std::to_string(SchemaLimits::wrapper_depth) + " levels");
  }
  out.schema = &schema;
  out.kind = schema.kind;
  return parts(schema, out, depth + 1, wraps ? wrappers + 1 : 0) && resolve(schema, out) && scalar(schema) &&
         kinds(schema, out) && rules(schema, out);
}

bool Preparation::parts(const TypeSchema& schema, Type& out, unsigned depth, unsigned wrappers) {
  const std::size_t count = schema.parts.size();
  bool fits = count == 0;
  switch (schema.kind) {
    case TypeKind::optional:
    case TypeKind::array:
    case TypeKind::set: fits = count == 1; break;
    case TypeKind::map: fits = count == 2; break;
    case TypeKind::variant: fits = count != 0; break;
    case TypeKind::tuple: fits = true; break;
    default: break;
  }
  if (!fits) return fail(std::string(name_of(schema.kind)) + " with " + std::to_string(count) + " parts");
  const bool is_choice = schema.kind == TypeKind::variant || schema.kind == TypeKind::literal;
  if (is_choice && std::max(count, schema.constants.size()) > SchemaLimits::choices) {
    return fail("More than " + std::to_string(SchemaLimits::choices) + " to choose from");
  }
  if (schema.size && schema.kind != TypeKind::array) return fail("Only arrays have a size");
  out.parts.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!type(schema.parts[i], out.parts[i], depth, wrappers)) return in("parts", i);
    if (schema.parts[i].kind == TypeKind::unknown && schema.kind != TypeKind::variant) {
      return fail("The alternative of unknown tags stands in a union only"), in("parts", i);
    }
  }
  return depth != 1 || schema.kind != TypeKind::unknown ||
         fail("The alternative of unknown tags stands in a union only");
}

bool Preparation::resolve(const TypeSchema& schema, Type& out) {
  if (schema.kind == TypeKind::structure) {
    const auto found = struct_names_.find(schema.name);
    if (found == struct_names_.end()) return fail("No struct has the name " + shown(schema.name));
    out.structure = &plan_.structs_[found->second];
  }
  if (schema.kind == TypeKind::enumeration) {
    const auto found = enum_names_.find(schema.name);
    if (found == enum_names_.end()) return fail("No enum has the name " + shown(schema.name));
    out.enumeration = &plan_.enums_[found->second];
  }
  return true;
}

bool Preparation::scalar(const TypeSchema& schema) {
  if (schema.kind == TypeKind::integer || schema.kind == TypeKind::floating) {
    const bool is_small = schema.kind == TypeKind::integer && (schema.bits == 8 || schema.bits == 16);
    if (!is_small && schema.bits != 32 && schema.bits != 64) return fail("No number has this many bits"), in("bits");
  }
  const bool has_ticks = schema.kind == TypeKind::datetime || schema.kind == TypeKind::duration;
  if (!schema.tick.empty() && (!has_ticks || !TickForm::of(schema))) return fail("No such tick"), in("tick");
  return true;
}

bool Preparation::kinds(const TypeSchema& schema, Type& out) {
  const auto part = [&]() -> const Type& { return out.parts.front(); };
  switch (schema.kind) {
    case TypeKind::any:
    case TypeKind::raw: out.kinds = KindSet::any(); break;
    case TypeKind::null: out.kinds = Kind::null; break;
    case TypeKind::boolean: out.kinds = Kind::boolean; break;
    case TypeKind::integer: out.kinds = Kind::integer; break;
    case TypeKind::floating: out.kinds = Kind::floating; break;
    case TypeKind::text: out.kinds = Kind::text; break;
    case TypeKind::bytes: out.kinds = Kind::bytes; break;
    case TypeKind::datetime: out.kinds = Kind::datetime; break;
    case TypeKind::date: out.kinds = Kind::date; break;
    case TypeKind::time: out.kinds = Kind::time; break;
    case TypeKind::duration: out.kinds = Kind::duration; break;
    case TypeKind::uuid: out.kinds = Kind::uuid; break;
    case TypeKind::decimal: out.kinds = Kind::decimal; break;
    case TypeKind::ext: out.kinds = Kind::ext; break;
    case TypeKind::map:
    case TypeKind::unknown: out.kinds = Kind::object; break;
    case TypeKind::array:
    case TypeKind::set:
    case TypeKind::tuple: out.kinds = Kind::array; break;
    case TypeKind::enumeration: out.kinds = out.enumeration->is_named ? Kind::text : Kind::integer; break;
    case TypeKind::structure: {
      const auto& named = plan_.schema_.structs[struct_names_.find(schema.name)->second];
      out.kinds = named.array_like ? Kind::array : Kind::object;
      break;
    }
    case TypeKind::optional:
      out.kinds = part().kinds;
      out.kinds.insert(Kind::null);
      out.takes_plain_text = part().takes_plain_text;
      break;
    case TypeKind::variant:
      for (const Type& each : out.parts) {
        out.kinds.insert(each.kinds);
        out.takes_plain_text |= each.takes_plain_text;
      }
      break;
    case TypeKind::literal:
      if (schema.constants.empty()) return fail("A literal without constants");
      for (const Value& constant : schema.constants) {
        const bool is_text = constant.get_if<std::string>() != nullptr;
        const bool is_integer = constant.get_if<std::int64_t>() != nullptr;
        const bool is_boolean = constant.get_if<bool>() != nullptr;
        if (!is_text && !is_integer && !is_boolean && !constant.is_null()) {
          return fail("A constant is text, an integer, a bool or null"), in("constants");
        }
        out.kinds.insert(is_text ? Kind::text : is_integer ? Kind::integer : is_boolean ? Kind::boolean : Kind::null);
      }
      break;
  }
  const bool is_coded = schema.checked && !schema.name.empty() && out.structure == nullptr &&
                        out.enumeration == nullptr && schema.kind != TypeKind::ext;
  out.takes_plain_text |= schema.kind == TypeKind::text || schema.kind == TypeKind::any ||
                          schema.kind == TypeKind::raw || is_coded;
  return true;
}

bool Preparation::bound(const TypeSchema& schema, const std::optional<Value>& limit, std::string_view rule) {
  if (!limit) return true;
  bool fits = false;
  if (schema.kind == TypeKind::integer) {
    const auto* number = limit->get_if<std::int64_t>();
    fits = number != nullptr;
    // The bound that `gt` and `lt` are told as is one further.
    if (rule == "gt") fits = fits && *number != INT64_MAX;
    if (rule == "lt") fits = fits && *number != INT64_MIN;
    if (rule == "multiple_of") fits = fits && *number > 0;
  } else if (schema.kind == TypeKind::floating) {
    const auto* number = limit->get_if<double>();
    const auto* integer = limit->get_if<std::int64_t>();
    fits = number != nullptr || integer != nullptr;
    if (rule == "multiple_of") fits = (number && *number > 0) || (integer && *integer > 0);
  } else if (is_text_scalar(schema.kind) && rule != "multiple_of") {
    const auto* text = limit->get_if<std::string>();
    fits = text != nullptr;
  }
  return fits || (fail("No bound of " + std::string(name_of(schema.kind))), in(rule));
}

bool Preparation::rules(const TypeSchema& schema, Type& out) {
  const bool fit = bound(schema, schema.ge, "ge") && bound(schema, schema.gt, "gt") && bound(schema, schema.le, "le") &&
                   bound(schema, schema.lt, "lt") && bound(schema, schema.multiple_of, "multiple_of");
  if (!fit) return false;
  const bool has_length = schema.kind == TypeKind::text || schema.kind == TypeKind::bytes ||
                          schema.kind == TypeKind::array || schema.kind == TypeKind::set ||
                          schema.kind == TypeKind::map;
  if ((schema.min_length || schema.max_length) && (!has_length || schema.size)) {
    return fail("No length is asked of " + std::string(name_of(schema.kind)));
  }
  const bool has_zone = schema.kind == TypeKind::time || schema.kind == TypeKind::datetime;
  if (schema.zoned && !has_zone) return fail("Only datetimes and times have zones"), in("zoned");
  if (schema.pattern) {
    if (schema.kind != TypeKind::text) return fail("Patterns are for text"), in("pattern");
    auto parsed = pattern_matching::parse(*schema.pattern);
    if (!parsed) return fail("The pattern is outside the dialect: " + std::string(parsed.error().what)), in("pattern");
    out.pattern = std::move(*parsed);
  }
  const bool is_zone_rule = schema.zoned && schema.tick.empty();
  out.is_constrained = schema.ge || schema.gt || schema.le || schema.lt || schema.multiple_of || schema.min_length ||
                       schema.max_length || schema.pattern || is_zone_rule;
  return true;
}

// ---- alternatives ----

bool Preparation::settle(Type& type) {
  for (std::size_t i = 0; i < type.parts.size(); ++i) {
    if (!settle(type.parts[i])) return in("parts", i);
  }
  return type.kind != TypeKind::variant || alternatives(type);
}

bool Preparation::alternatives(Type& out) {
  std::size_t tagged = 0;
  bool is_array = false;
  for (std::size_t i = 0; i < out.parts.size(); ++i) {
    const Type& part = out.parts[i];
    if (part.kind == TypeKind::unknown) out.unknown = i;
    if (part.structure == nullptr) continue;
    is_array |= part.structure->schema->array_like;
    if (!part.structure->tag) continue;
    ++tagged;
    if (out.first_tagged == nullptr) out.first_tagged = part.structure;
    const StructPlan& first = *out.first_tagged;
    if (part.structure->is_text_tag != first.is_text_tag ||
        part.structure->schema->tag_field != first.schema->tag_field) {
      return fail("The structs of a union have tags of one kind in one field"), in("parts", i);
    }
    if (out.alternative_of(*part.structure->tag) != i) {
      return fail("Two structs of a union have the same tag"), in("parts", i);
    }
  }
  out.is_tagged = tagged > 1 || (out.unknown != Type::none && tagged != 0);
  out.is_array_tagged = out.is_tagged && is_array;
  return true;
}

}  // namespace structwire::contract::schema_reading
