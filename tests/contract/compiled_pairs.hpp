// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the file that write_pairs makes asks of each pair of contracts that it has as C++: the structs are what the
// Schemas say, and the compiled codec makes of random messages what the reader and the writer that Schemas drive make of
// them, of which the mutation test knows whether they cross.

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>

#include <structwire/contract/describe.hpp>
#include <structwire/contract/sample.hpp>
#include <structwire/contract/schema_reader.hpp>
#include <structwire/contract/schema_writer.hpp>
#include <structwire/core/convert.hpp>
#include <structwire/core/unknown_alternative.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::contract::mutation {

constexpr std::uint64_t messages_for_each = 100;

inline std::size_t failed = 0;
inline std::size_t crossed = 0;
inline std::size_t refused = 0;

inline void fail(std::string_view pair, const std::string& what) {
  ++failed;
  std::printf("%.*s: %s\n", static_cast<int>(pair.size()), pair.data(), what.c_str());
}

/// What is reached is the same; a random contract may define more than it uses.
inline bool is_described(const Schema& described, const Schema& schema) {
  const auto same_struct = [&](const StructSchema& each) {
    const StructSchema* other = schema.find_struct(each.name);
    return other != nullptr && *other == each;
  };
  const auto same_enum = [&](const EnumSchema& each) {
    const EnumSchema* other = schema.find_enum(each.name);
    return other != nullptr && *other == each;
  };
  return described.type == schema.type && std::ranges::all_of(described.structs, same_struct) &&
         std::ranges::all_of(described.enums, same_enum);
}

template <class T>
Result<Buffer> encoded(const T& value, const Format& format) {
  Buffer out;
  const auto done = &format == &json::format() ? json::append_to(value, out) : msgpack::append_to(value, out);
  if (!done) return std::unexpected(done.error());
  return out;
}
template <class T>
Result<T> decoded(const Buffer& bytes, const Format& format) {
  return &format == &json::format() ? json::decode<T>(bytes.bytes()) : msgpack::decode<T>(bytes.bytes());
}

template <class Writer, class Reader>
void cross(std::string_view pair, const Schema& writer, const Schema& reader, const Format& format) {
  const auto by_schema = SchemaReader::make(reader).value();
  for (std::uint64_t seed = 0; seed < messages_for_each; ++seed) {
    const Value message = random_sample(writer, seed).value();
    DecodeOptions kept;
    kept.raw_format = &format;
    const auto object = convert<Writer>(message, kept);
    if (!object) return fail(pair, "a sample is no value of the struct: " + object.error().message());
    const auto bytes = encoded(*object, format);
    const auto expected = encode(writer, format, to_value(*object));
    if (!bytes || !expected || bytes->text() != expected->text()) return fail(pair, "other bytes for " + json::encode(message));
    const auto seen = decoded<Reader>(*bytes, format);
    const auto foretold = by_schema.decode(format, bytes->bytes());
    if (seen.has_value() != foretold.has_value()) return fail(pair, "another outcome for " + json::encode(message));
    if (seen && to_value(*seen) != *foretold) return fail(pair, "another value for " + json::encode(message));
    if (!seen && seen.error().message() != foretold.error().message()) {
      return fail(pair, seen.error().message() + " and by schema: " + foretold.error().message());
    }
    ++(seen ? crossed : refused);
  }
}

template <class Old, class New>
void check_pair(std::string_view pair, std::string_view old_json, std::string_view new_json) {
  const Schema before = json::decode<Schema>(old_json).value();
  const Schema after = json::decode<Schema>(new_json).value();
  if (!is_described(describe<Old>(), before)) return fail(pair, "the old struct is described as " + json::encode(describe<Old>()));
  if (!is_described(describe<New>(), after)) return fail(pair, "the new struct is described as " + json::encode(describe<New>()));
  for (const Format* format : {&json::format(), &msgpack::format()}) {
    cross<Old, New>(pair, before, after, *format);
    cross<New, Old>(pair, after, before, *format);
  }
}

}  // namespace structwire::contract::mutation
