// SPDX-License-Identifier: Apache-2.0
#pragma once

// Code and pages for the other side of a contract, generated from Schemas:
//
//   const sw::contract::Schema schema = sw::contract::describe<Order>();
//   sw::Result<std::string> classes = sw::contract::generate_msgspec({&schema, 1});
//
// Each generator takes any number of Schemas, merges them (a definition that several have stands there once), and
// returns one file's text: the same for the same Schemas, definitions in the order in which they are used, names from
// the C++ ones. What a target cannot express is an Error (ErrorCode::unsupported) that tells what and where, never a
// type that nearly fits; what a target does not check is a comment beside the member. Schemas may come from files:
// merge() checks them, so that all text in them ends up quoted, and what nests or counts beyond the limits is refused.
// Nothing is read or written; several threads may generate at once. Time and memory grow with the text.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/contract/fingerprint.hpp>
#include <structwire/contract/schema.hpp>
#include <structwire/core/error.hpp>

namespace structwire::contract {

/// Several contracts as one: their types in order, each once, and the definitions that any of them has.
struct Contracts {
  std::vector<TypeSchema> roots;
  std::vector<StructSchema> structs;
  std::vector<EnumSchema> enums;

  /// nullptr when there is none of that name; linear.
  const StructSchema* find_struct(std::string_view name) const noexcept;
  const EnumSchema* find_enum(std::string_view name) const noexcept;
};

/// The most that merge() takes. What describe() makes is far below.
inline constexpr std::size_t definitions_max = 2'000;
inline constexpr std::size_t type_depth_max = 64;

/// Refused are: two definitions of one name that are not equal; names that no definition has; types that lack their
/// parts; members of one name or number in one struct; more than the limits above.
Result<Contracts> merge(std::span<const Schema> contracts);

/// Python: msgspec.Struct classes, for JSON and MessagePack, msgspec 0.18 and later.
Result<std::string> generate_msgspec(std::span<const Schema> contracts);
/// Lines to put behind the module that generate_msgspec() makes of the same Schemas: the wire fingerprints of the
/// contracts by class, as WIRE_FINGERPRINTS. With them a message tells what its payload is. A contract whose fingerprint
/// is 0, or that is no struct, is left out.
Result<std::string> generate_msgspec_fingerprints(std::span<const Schema> contracts,
                                                  std::span<const Fingerprint> fingerprints);
/// Python: pydantic models, for JSON, pydantic 2.12 and later.
Result<std::string> generate_pydantic(std::span<const Schema> contracts);
/// TypeScript: the types of what JSON.parse returns, TypeScript 4.1 and later.
Result<std::string> generate_typescript(std::span<const Schema> contracts);
/// Protocol Buffers: a proto3 file. Field numbers are MemberSchema::number; what needs a message of its own (a list in
/// a list, a union) gets one, whose fields are numbered by position.
Result<std::string> generate_proto(std::span<const Schema> contracts);
/// An Avro schema (.avsc): one record for one contract, an array of schemas for several.
Result<std::string> generate_avro(std::span<const Schema> contracts);
/// A page for people, in Markdown.
Result<std::string> generate_markdown(std::span<const Schema> contracts);

/// One row of what a contract program's `generate` offers.
struct Generator {
  std::string_view name;       ///< `msgspec`
  std::string_view extension;  ///< `.py`
  std::string_view about;      ///< Half a line for its usage text.
  Result<std::string> (*generate)(std::span<const Schema> contracts);
  /// What goes behind it where fingerprints are known; nullptr where the target has no place for them.
  Result<std::string> (*fingerprints)(std::span<const Schema> contracts,
                                      std::span<const Fingerprint> fingerprints) = nullptr;
};

std::span<const Generator> generators() noexcept;
/// nullptr when there is none of that name.
const Generator* find_generator(std::string_view name) noexcept;

}  // namespace structwire::contract
