// SPDX-License-Identifier: Apache-2.0
#pragma once

// The decoder of a contract that is data: what reads a message when there is a Schema, from a snapshot perhaps, and no
// C++ type.
//
//   auto reader = sw::contract::SchemaReader::make(snapshot);      // std::expected<SchemaReader, sw::Error>
//   auto value = reader->decode(sw::msgpack::format(), bytes);     // std::expected<sw::Value, sw::Error>
//
// It reads what the compiled decoder of the described type reads and refuses what that refuses, with the same code,
// sentence, path and offset. The Value is what sw::to_value gives for the decoded object: what was absent has its
// default, an unset member is not there, bytes are Bytes, dates and their like the text that they are written as,
// enums their wire value. Structs that leave out defaults, and members that are never written, do so here as well.
//
// Where a Schema that no C++ type has says that two alternatives of a union take the same kind, the first one is taken.
// What a Schema cannot tell is not done: codecs, validators and extensions of a program (TypeSchema::checked) are
// passed by in their wire form. Of several rules that a value breaks, the first in the order of TypeSchema is
// told. A set is in ascending order. Limits::decoded_bytes counts Values, not the members of structs.

#include <cstddef>
#include <memory>
#include <span>

#include <structwire/contract/schema.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/format.hpp>
#include <structwire/core/limits.hpp>
#include <structwire/core/value.hpp>

namespace structwire::contract {

/// What a Schema from outside may be.
struct SchemaLimits {
  /// Types inside each other, in one definition.
  static constexpr unsigned type_depth = 64;
  /// Optionals and variants directly inside each other: levels that no data stands for.
  static constexpr unsigned wrapper_depth = 8;
  /// Structs inside each other in the defaults of one member.
  static constexpr unsigned default_depth = 32;
  /// Structs, and enums; values of one enum.
  static constexpr std::size_t definitions = 10'000;
  static constexpr std::size_t members = 4096;
  /// Constants of a literal, alternatives of a union.
  static constexpr std::size_t choices = 1024;
  /// What all defaults together may occupy.
  static constexpr std::size_t default_bytes = 16u << 20;
};

/// Nothing when the Schema can be worked with: every name is defined, once; kinds have the parts that they need; bounds
/// are of the kind of their type, and patterns are of the dialect; no struct needs itself; no limit above is passed.
/// Errors: ErrorCode::refused, with the place in the Schema as path (`$.structs[2].members[0].type`).
Result<void> check_schema(const Schema& schema);

/// A checked Schema, prepared for reading. Copies share what is prepared and are cheap. Safe to use from any thread.
class SchemaReader {
 public:
  /// Errors: those of check_schema. Cost: the size of the Schema. Keeps a copy of it.
  static Result<SchemaReader> make(Schema schema);

  /// One complete value of `format`, which is json::format() or msgpack::format(); others are ErrorCode::unsupported.
  Result<Value> decode(const Format& format, std::span<const std::byte> bytes, const DecodeOptions& options = {}) const;

  const Schema& schema() const noexcept;

 private:
  struct Prepared;
  explicit SchemaReader(std::shared_ptr<const Prepared> prepared) noexcept : prepared_(std::move(prepared)) {}
  std::shared_ptr<const Prepared> prepared_;
};

/// The same in one call, for what is read once. Errors of the Schema have the code `refused` and no offset.
Result<Value> decode(const Schema& schema, const Format& format, std::span<const std::byte> bytes,
                     const DecodeOptions& options = {});

}  // namespace structwire::contract
