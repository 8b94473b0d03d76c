// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a JSON Schema is made (a part of json_schema.cpp): a node, which is a map of keywords, for each type and each
// definition. The first error ends nothing, but is what comes out.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <structwire/contract/json_schema.hpp>

namespace structwire::contract {

namespace schema_node {

/// Sets a keyword, in the place of one that is there.
void put(Value::Map& node, std::string_view key, Value value);
/// Sets all keywords of `more`; maps under one key become one map.
void merge(Value::Map& node, const Value::Map& more);
/// What people and programs said of a type: keywords that come from the type itself are put over them.
void put_texts(Value::Map& node, const std::string& title, const std::string& description,
               const std::optional<Value>& extra);

}  // namespace schema_node

class JsonSchemaMaker {
 public:
  /// Both must outlive it.
  JsonSchemaMaker(const Schema& definitions, const JsonSchemaOptions& options);

  Result<JsonSchemas> make(std::span<const TypeSchema> types);

 private:
  bool decodes() const noexcept { return options_.side == SchemaSide::decode; }
  void fail(ErrorCode code, std::string text);
  /// One level deeper; false, and an error, where that is too deep.
  bool enter();
  Value reference(const std::string& name);
  /// A part that a Schema from elsewhere may lack.
  const TypeSchema& part(const TypeSchema& type, std::size_t index);

  Value::Map node(const TypeSchema& type);
  Value::Array nodes(std::span<const TypeSchema> types);
  void add_kind(Value::Map& made, const TypeSchema& type);
  void add_number(Value::Map& made, const TypeSchema& type);
  static void add_lengths(Value::Map& made, std::string_view least, std::string_view most,
                          const std::optional<std::uint64_t>& low, const std::optional<std::uint64_t>& high);
  void add_text(Value::Map& made, const TypeSchema& type);
  void add_bytes(Value::Map& made, const TypeSchema& type);
  void add_text_scalar(Value::Map& made, const TypeSchema& type);
  void add_optional(Value::Map& made, const TypeSchema& type);
  void add_array(Value::Map& made, const TypeSchema& type);
  void add_tuple(Value::Map& made, const TypeSchema& type);
  void add_map(Value::Map& made, const TypeSchema& type);
  Value::Map key_node(const TypeSchema& type);
  void add_key(Value::Map& made, const TypeSchema& type);
  void add_enum_key(Value::Map& made, const TypeSchema& type);
  static bool is_text(const Value& value);
  static Value key_texts(Value::Array constants);

  // json_schema_definition.cpp
  void add_variant(Value::Map& made, const TypeSchema& type);
  /// The alternatives as they stand in an anyOf, null at the end.
  Value::Array choices_of(const TypeSchema& variant);
  Value::Map tagged_choice(std::span<const TypeSchema* const> tagged, bool takes_unknown);
  Value::Map unknown_choice(const Value::Array& tags, const StructSchema& sibling);
  Value::Map definition(const StructSchema& each);
  Value::Map definition(const EnumSchema& each);
  Value::Map member(const MemberSchema& each);
  void add_object(Value::Map& made, const StructSchema& each);
  void add_items(Value::Map& made, const StructSchema& each);
  /// Whether a valid text always has the member.
  bool is_required(const StructSchema& owner, const MemberSchema& each) const noexcept;

  const Schema& definitions_;
  const JsonSchemaOptions& options_;
  std::map<std::string, std::string, std::less<>> component_names_;
  std::optional<Error> error_;
  std::string where_;  ///< `: member \`a\` of \`B\``, for messages.
  unsigned depth_ = 0;
};

}  // namespace structwire::contract
