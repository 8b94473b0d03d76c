// SPDX-License-Identifier: Apache-2.0
#pragma once

// From the FlatBuffers tables of Arrow's Schema.fbs to fields. A part of arrow/schema.hpp.

#include <vector>

#include <structwire/arrow/flatbuffer.hpp>
#include <structwire/arrow/schema.hpp>

namespace structwire::arrow {

class SchemaReader {
 public:
  SchemaReader(FlatBuffer& buffer, const SchemaLimits& limits) : buffer_(buffer), limits_(limits) {}

  /// The table Message, which has to hold a schema; afterwards, buffer.failed() tells.
  void read_message();

  std::vector<Field> fields;
  std::vector<KeyValue> metadata;
  bool is_big_endian = false;

 private:
  using Table = FlatBuffer::Table;

  void read_schema(const Table& schema);
  void read_fields(const Table& parent, unsigned slot, std::vector<Field>& out);
  void read_field(const Table& table, Field& out);
  void read_type(const Table& type, std::uint8_t id, Field& out);
  void check_children(const Field& field, std::size_t at);
  void read_integer(const Table& table, DataType& out);
  void read_union(const Table& table, Field& out);
  void read_metadata(const Table& parent, unsigned slot, std::vector<KeyValue>& out);
  std::string take_text(const Table& table, unsigned slot);
  std::string take_utf8(const Table& table, unsigned slot);
  void check(bool holds, const char* what, std::size_t at);

  FlatBuffer& buffer_;
  const SchemaLimits& limits_;
  std::size_t field_count_ = 0;
  std::size_t text_bytes_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace structwire::arrow
