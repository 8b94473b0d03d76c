// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/schema_reader.hpp>

#include <new>
#include <stdexcept>
#include <utility>

#include <structwire/contract/reader/schema_decode.hpp>
#include <structwire/contract/reader/schema_plan.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::contract {

struct SchemaReader::Prepared {
  explicit Prepared(Schema schema) : plan(std::move(schema)) {}
  schema_reading::Plan plan;
};

Result<void> check_schema(const Schema& schema) { return schema_reading::Plan(schema).prepare(); }

Result<SchemaReader> SchemaReader::make(Schema schema) {
  auto prepared = std::make_shared<Prepared>(std::move(schema));
  if (auto done = prepared->plan.prepare(); !done) return std::unexpected(std::move(done.error()));
  return SchemaReader(std::move(prepared));
}

const Schema& SchemaReader::schema() const noexcept { return prepared_->plan.schema(); }

Result<Value> SchemaReader::decode(const Format& format, std::span<const std::byte> bytes,
                                   const DecodeOptions& options) const {
  const schema_reading::Type& root = prepared_->plan.root();
  try {
    if (&format == &json::format()) return schema_reading::decode_json(root, bytes, options);
    if (&format == &msgpack::format()) return schema_reading::decode_msgpack(root, bytes, options);
  } catch (const std::bad_alloc&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  } catch (const std::length_error&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  }
  return std::unexpected(
      Error(ErrorCode::unsupported, "No schema drives a reader of " + std::string(format.name)));
}

Result<Value> decode(const Schema& schema, const Format& format, std::span<const std::byte> bytes,
                     const DecodeOptions& options) {
  auto reader = SchemaReader::make(schema);
  if (!reader) return std::unexpected(std::move(reader.error()));
  return reader->decode(format, bytes, options);
}

}  // namespace structwire::contract
