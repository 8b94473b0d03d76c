// SPDX-License-Identifier: Apache-2.0
#pragma once

// One direction of the compatibility check: what happens to a value that is written as one type and read as another.
// compare.cpp asks this twice for each change. Structs that are the same contract (equal names or tags) cross here
// unharmed: their members are compared where compare.cpp pairs them.

#include <string>
#include <utility>
#include <vector>

#include <structwire/contract/compare.hpp>

namespace structwire::contract {

/// A type with the definitions that its names mean.
struct TypeIn {
  const Schema& schema;
  const TypeSchema& type;
  /// How often cross() may still ask, where somebody counts: unions inside unions multiply.
  std::size_t* steps = nullptr;
  TypeIn with(const TypeSchema& other) const { return {schema, other, steps}; }
  TypeIn part(std::size_t i) const { return with(type.parts[i]); }
};

struct Crossing {
  Verdict verdict = Verdict::compatible;
  /// Completes "…", said of values: "values below 0 are refused". Empty when compatible.
  std::string reason;
};

// The four verdicts with their reasons.
inline Crossing fine() { return {}; }
inline Crossing some(std::string reason) { return {Verdict::conditional, std::move(reason)}; }
inline Crossing all(std::string reason) { return {Verdict::breaks, std::move(reason)}; }
inline Crossing wrong(std::string reason) { return {Verdict::silent, std::move(reason)}; }
Crossing refused(const TypeSchema& written, const TypeSchema& read);

/// The worse of two; the first of equals.
Crossing worse(Crossing a, Crossing b);

/// The worst that can happen to a value.
Crossing cross(TypeIn written, TypeIn read, WireForm form, std::size_t depth = 0);

/// What happens to arrays that come without the items that their struct lets peers leave out at the end. The encoder of
/// such a struct writes all of them.
Crossing cross_shortest(TypeIn written, TypeIn read);

/// Of types that hold no others: neither constants, containers nor unions.
Crossing cross_scalars(const TypeSchema& written, const TypeSchema& read, WireForm form);

/// Only what the rules of values say: bounds, lengths, patterns.
Crossing cross_constraints(const TypeSchema& written, const TypeSchema& read);

/// Written as text, in JSON at least.
bool has_text_form(TypeKind kind) noexcept;
bool takes_null(const TypeSchema& type) noexcept;
/// The values of a literal or enum; empty for others.
Value::Array constants_of(TypeIn type);
/// The enum takes whatever it does not list.
bool takes_unlisted(TypeIn type) noexcept;

/// Definitions; nullptr when the schema is broken or the type is none.
const StructSchema* struct_of(TypeIn type) noexcept;
const EnumSchema* enum_of(TypeIn type) noexcept;

/// What an array-like struct has on the wire: its tag, then its members.
std::vector<TypeSchema> slots_of(const StructSchema& structure);

/// A constant as JSON, in backquotes.
std::string quoted(const Value& value);

}  // namespace structwire::contract
