// SPDX-License-Identifier: Apache-2.0
#pragma once

// Values of a Schema: for golden bytes, for tests of peers, for whoever has the contract and no data.
//
//   sw::Result<std::vector<sw::contract::Sample>> edges = sw::contract::edge_samples(schema);
//   sw::Result<sw::Value> one = sw::contract::random_sample(schema, seed);
//
// A sample is what sw::to_value() makes of an object of the type. It fits every rule that the Schema tells: bounds,
// lengths, patterns, lists of values. What a codec or validator of the program asks besides (TypeSchema::checked) the
// Schema does not tell; there a sample can be refused. Samples stay with what every format carries: floats are finite,
// instants are in UTC, and they and durations are whole hours, which the coarsest clock holds.

#include <cstdint>
#include <string>
#include <vector>

#include <structwire/contract/schema.hpp>
#include <structwire/core/error.hpp>

namespace structwire::contract {

struct Sample {
  std::string name;  ///< Of letters, digits and _: a part of a file's name.
  Value value;
};

/// The ends of what the type holds, always the same for the same Schema: `smallest`, `largest`, `defaults` (what
/// may be absent is) and `choice_0` … so many that every alternative, enum value and constant is in one of them
/// (64 at most). Equal ones are left out. Error: a type that no finite value fits, or a pattern and a length for which
/// no text was found.
Result<std::vector<Sample>> edge_samples(const Schema& schema);

/// One value; the same for the same seed on every machine.
Result<Value> random_sample(const Schema& schema, std::uint64_t seed);

}  // namespace structwire::contract
