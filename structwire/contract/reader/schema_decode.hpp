// SPDX-License-Identifier: Apache-2.0
#pragma once

// One complete value by a Schema, one function for each format so that each is compiled by itself. A part of the reader
// that a Schema drives.

#include <cstddef>
#include <span>

#include <structwire/contract/reader/schema_plan.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/limits.hpp>
#include <structwire/core/value.hpp>

namespace structwire::contract::schema_reading {

Result<Value> decode_json(const Type& type, std::span<const std::byte> bytes, const DecodeOptions& options);
Result<Value> decode_msgpack(const Type& type, std::span<const std::byte> bytes, const DecodeOptions& options);

}  // namespace structwire::contract::schema_reading
