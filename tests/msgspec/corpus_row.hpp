// SPDX-License-Identifier: Apache-2.0
#pragma once

// One row of the corpus, whatever its operation (the corpus's README.md says what each key means),
// and what we made of it.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/core/rules.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::testing::corpus {

struct RowOptions {
  std::optional<std::string> order;
  std::optional<std::string> decimal_format;
  std::optional<std::string> uuid_format;
};

struct Row {
  std::string id;
  std::string op;  ///< Empty in the files of decode rows.
  std::string type;
  std::string format;
  std::optional<std::string> input;
  std::optional<std::string> input_hex;
  Value strict;
  bool ok = false;
  std::optional<std::string> output;
  std::optional<std::string> output_hex;
  std::optional<std::string> output_eq;
  std::optional<std::string> output_eq_hex;
  Unset<Value> value;
  std::optional<std::string> kind;
  std::optional<std::string> error;
  Value encode_error;
  std::optional<std::string> order;
  std::vector<std::string> tags;
  // transcode, encode_into, json_format
  std::string to;
  RowOptions options;
  std::string value_json;
  std::string buffer;
  std::optional<std::int64_t> offset;
  std::string buffer_after;
  int indent = 0;
  // convert, convert_struct, to_builtins, structs
  Value value_in;
  bool str_keys = false;
  std::string from_type;
  std::string from_msgpack;
  bool from_attributes = false;
  std::string builtin_types;
  std::string input_msgpack;
  std::string a_msgpack;
  std::string b_msgpack;
  std::optional<bool> eq;
  std::optional<bool> lt;
  std::optional<bool> le;
  std::optional<bool> gt;
  std::optional<bool> ge;
  std::optional<bool> hash_eq;
  Value changes;
  Value tuple;
  // single leaves
  std::string bits;
  std::string json;
  std::string msgpack;
  std::string utf8_hex;
  std::string letter;
  std::uint64_t count = 0;
  std::string integer;
  std::string msgpack_error;
  std::string msgpack_header;
  std::string msgpack_sha256;
  std::string json_sha256;
  std::uint64_t json_len = 0;
  std::uint64_t msgpack_len = 0;
  std::string array_of_zero_header;
  std::uint64_t array_len = 0;
  std::string map_int_header;
  std::string bin_header;
  std::string ext5_header;
  // schema, schema_components, type_info
  Value schema;
  std::vector<std::string> types;
  std::string ref_template;
  Value::Array schemas;
  Value components;
  std::string portable;
  Value fields;

  using wire = Rules<defaulted_from<&Row::op>, member<&Row::letter, name<"char">>,
                     member<&Row::integer, name<"int">>>;

  bool has_tag(std::string_view tag) const { return std::ranges::find(tags, tag) != tags.end(); }
};

/// One line of a file. An integer that C++ has not is read as {"$int": its text}.
Result<Row> read_row(std::string_view line);

/// Of `61ff`; bad digits are not expected.
std::string from_hex(std::string_view hex);
std::string to_hex(std::string_view bytes);

inline const Format& format_named(std::string_view name) {
  return name == "json" ? json::format() : msgpack::format();
}
inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// The bytes of `input`, JSON text or hex.
std::string input_of(const Row& row);
/// The bytes that msgspec wrote in `format_name`, and those that it should have written where it
/// leaves out fewer defaults than it says (`output_eq`).
std::vector<std::string> outputs_of(const Row& row, std::string_view format_name);

/// One place where an exported schema, or the description of a type, is not what the row has.
struct SchemaDifference {
  std::string path;
  std::string keyword;
  std::optional<Value> ours;
  std::optional<Value> theirs;
  /// The maps that the keyword is of.
  Value our_node;
  Value their_node;
};

/// What we made of a row, in one of the modes that it asks for; of a schema, in one of the places that differ.
struct Outcome {
  bool lax = false;
  /// Exactly what the row says.
  bool same = false;
  std::optional<Error> error;
  std::optional<Error> encode_error;
  std::string output;
  std::string output_format;
  /// In the notation of the corpus.
  std::optional<Value> value;
  /// What is not the same, where it is neither an error, nor the output, nor the value.
  std::string unlike;
  std::optional<SchemaDifference> difference;
};

/// One line for people.
std::string show(const Outcome& outcome);
/// What the row says, in one line.
std::string show_expected(const Row& row);

}  // namespace structwire::testing::corpus
