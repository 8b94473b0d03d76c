// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON Schema (draft 2020-12) of a type's JSON form:
//
//   std::string text = sw::json_schema<Message>().value();
//
// Structs and enums stand in `$defs` and are referred to; everything else is in line. The words are those of msgspec's
// export. Where that says less or more than its decoder does, this one is exact as far as JSON Schema can say it:
//
//   - Texts with a grammar of their own (dates, durations, Uuid, Decimal, bytes) have a `pattern`. `format` stands
//     beside it and names what is written; what is read may be spelled in more ways.
//   - A Decimal may be a number. A struct alone need not have its tag, one in a union must.
//   - Keys of maps have a `propertyNames`, whatever their type. A set may hold an item twice.
//   - Integers of fewer than 64 bits have their range; patterns are written for ECMA-262, as validators want them.
//
// What JSON Schema cannot say is listed in docs/guide/json_schema.md. Made anew by each call; keep it.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <structwire/contract/describe.hpp>
#include <structwire/contract/schema.hpp>
#include <structwire/core/error.hpp>

namespace structwire::contract {

/// What a JSON Schema is to hold for. They differ where a decoder takes more than an encoder writes: an interface's
/// requests are described by `decode`, its answers by `encode`.
enum class SchemaSide : std::uint8_t {
  decode,  ///< Every input that decodes.
  encode,  ///< Every output: tags, defaulted members and items of sets (once) are always as they are written.
};

struct JsonSchemaOptions {
  /// How definitions are referred to; `{name}` stands for the name.
  std::string_view ref_template = "#/$defs/{name}";
  SchemaSide side = SchemaSide::decode;
  /// Says in `$schema` which draft it is.
  bool names_draft = false;
};

/// Schemas that share their definitions, as an OpenAPI document has them.
struct JsonSchemas {
  std::vector<Value> schemas;  ///< One for each type, in their order.
  Value::Map components;       ///< The definitions by name.
};

/// The JSON Schema of a described type, as a map. Errors: unsupported for MessagePack extensions, which JSON has no
/// form for; malformed for a Schema that refers to what it does not define or nests deeper than 512.
Result<Value> json_schema(const Schema& schema, const JsonSchemaOptions& options = {});
/// Of several types with the definitions of one Schema. Errors as above.
Result<JsonSchemas> json_schemas(std::span<const TypeSchema> types, const Schema& definitions,
                                 const JsonSchemaOptions& options = {});

/// JSON text without white space.
std::string json_text(const Value& schema);

}  // namespace structwire::contract

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// The JSON Schema of T as JSON text. Errors: unsupported where T holds MessagePack extensions.
template <class T>
Result<std::string> json_schema(const contract::JsonSchemaOptions& options = {}) {
  auto made = contract::json_schema(contract::describe<T>(), options);
  if (!made) return std::unexpected(std::move(made.error()));
  return contract::json_text(*made);
}

/// The JSON Schemas of several types, whose definitions stand together, each once. Errors as above.
template <class... T>
Result<contract::JsonSchemas> json_schema_components(const contract::JsonSchemaOptions& options = {}) {
  const contract::Schema all = contract::describe<std::tuple<T...>>();
  return contract::json_schemas(all.type.parts, all, options);
}
template <class... T>
Result<contract::JsonSchemas> json_schema_components(std::string_view ref_template) {
  return json_schema_components<T...>(contract::JsonSchemaOptions{.ref_template = ref_template});
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
