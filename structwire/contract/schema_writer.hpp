// SPDX-License-Identifier: Apache-2.0
#pragma once

// Encoding by a Schema, without the C++ type that it describes:
//
//   sw::Result<sw::Buffer> bytes = sw::contract::encode(schema, sw::json::format(), value);
//
// `value` is what sw::to_value() makes of an object of the type, and the bytes are those that the compiled encoder
// makes of that object. The other direction: schema_reader.hpp.
//
// More is understood than to_value() makes: members that may be absent take their defaults, integers stand for floats,
// and what has a form in JSON may have that (bytes and keys of maps as text). So the defaults in a Schema, which are
// JSON, are values like others. What the decoder of the type would refuse to hold is refused here: another kind, an
// integer out of its range, a number of items that the type has not, a field that nobody declares and that the struct
// does not keep. Rules about values (`between`, `pattern`, validators) are the decoder's business and not looked at.
//
// Where a Value does not say enough: a Raw is written in the shortest form of its format; maps and sets are in the
// order of the Value, sorted where the struct asks for it.
//
// Errors carry the path and no offset. Safe to call from any thread. The cost is that of one copy of the value.

#include <structwire/contract/schema.hpp>
#include <structwire/core/buffer.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/format.hpp>

namespace structwire::contract {

/// Formats: those of json.hpp and msgpack.hpp; others are `unsupported`. Nesting deeper than 512 is `depth_limit`;
/// alternatives of `first_match` that are tried inside each other more than 100,000 times are `size_limit`.
Result<Buffer> encode(const Schema& schema, const Format& format, const Value& value);

/// The Value that to_value() makes of the object that encode() would write: defaults written out or left out as the
/// structs say, members in their order, bytes as Bytes.
Result<Value> complete(const Schema& schema, const Value& value);

}  // namespace structwire::contract
