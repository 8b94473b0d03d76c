// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rules of a Schema, asked of a decoded Value: core/check.hpp at run time. A part of the reader that a Schema
// drives.

#include <optional>
#include <string>

#include <structwire/contract/reader/schema_plan.hpp>

namespace structwire::contract::schema_reading {

/// The condition of the first rule that the value breaks, `` `int` <= 9 ``; nothing where it keeps all.
std::optional<std::string> broken_rule(const Type& type, const Value& value);

/// The condition of the bound that an integer beyond its type's range breaks as well: below it, or above.
std::optional<std::string> bound_beyond(const TypeSchema& type, bool is_negative);

}  // namespace structwire::contract::schema_reading
