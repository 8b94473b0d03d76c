// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/reader/schema_decode.hpp>
#include <structwire/contract/reader/schema_defaults.hpp>
#include <structwire/contract/reader/schema_field_readers.hpp>
#include <structwire/contract/reader/schema_walk.hpp>
#include <structwire/contract/schema_reader.hpp>
#include <structwire/json.hpp>

namespace structwire::contract::schema_reading {

Result<Value> decode_json(const Type& type, std::span<const std::byte> bytes, const DecodeOptions& options) {
  JsonFieldReader reader({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, options);
  Value value;
  if (Walk(reader).value(type, value) && reader.finish()) return value;
  return std::unexpected(reader.take_error());
}

Result<Value> make_default(const Type& type, const Value& json_form, DefaultMaker& maker) {
  Buffer text;
  if (!json::append_to(json_form, text)) return json_form;
  DecodeOptions options;
  options.limits.decoded_bytes = SchemaLimits::default_bytes;
  JsonFieldReader reader(text.text(), options);
  Value value;
  if (Walk(reader, &maker).value(type, value)) return value;
  const bool is_limit = reader.error_code() == ErrorCode::size_limit || reader.error_code() == ErrorCode::depth_limit;
  if (is_limit) return std::unexpected(reader.take_error());
  return json_form;
}

}  // namespace structwire::contract::schema_reading
