// SPDX-License-Identifier: Apache-2.0
#pragma once

// Canonical bytes: one byte string per value, whatever format it came in. MessagePack with the shortest
// forms, map keys sorted by their encoded bytes, integers kept integers and floats floats. Two values are
// the same if and only if their canonical bytes are; fingerprints and "the same request again" rest on it.

#include <structwire/core/error.hpp>
#include <structwire/core/raw.hpp>
#include <structwire/core/value.hpp>

namespace structwire::msgpack {

/// The canonical bytes of a value. Of one key given twice the last entry counts, as in every reader. Refused
/// (`unsupported`) are map keys that hold a map whose keys are containers themselves: they cannot be shown in
/// formats with text keys.
Result<Buffer> canonical(const Value& value);

/// The same value as canonical MessagePack; an empty Raw stays empty.
Result<Raw> canonical(const Raw& raw);

}  // namespace structwire::msgpack
