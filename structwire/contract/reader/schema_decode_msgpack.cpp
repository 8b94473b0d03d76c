// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/reader/schema_decode.hpp>
#include <structwire/contract/reader/schema_field_readers.hpp>
#include <structwire/contract/reader/schema_walk.hpp>

namespace structwire::contract::schema_reading {

Result<Value> decode_msgpack(const Type& type, std::span<const std::byte> bytes, const DecodeOptions& options) {
  MsgpackFieldReader reader(bytes, options);
  Value value;
  if (Walk(reader).value(type, value) && reader.finish()) return value;
  return std::unexpected(reader.take_error());
}

}  // namespace structwire::contract::schema_reading
