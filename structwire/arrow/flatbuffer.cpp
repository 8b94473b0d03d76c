// SPDX-License-Identifier: Apache-2.0
#include <structwire/arrow/flatbuffer.hpp>

#include <string>

namespace structwire::arrow {

void FlatBuffer::fail(ErrorCode code, std::string_view what, std::size_t at) {
  if (!error_) error_ = Error(code, std::string(what), offset_ + at);
}

bool FlatBuffer::inside(std::size_t at, std::size_t size) {
  if (failed()) return false;
  if (at <= bytes_.size() && size <= bytes_.size() - at) return true;
  fail(ErrorCode::malformed, "Invalid Arrow schema: an offset leads out of it",
       at < bytes_.size() ? at : bytes_.size());
  return false;
}

// Offsets lead forward, from where they stand; they are 32 bits, so nothing overflows.
std::size_t FlatBuffer::follow(std::size_t at) {
  const auto distance = load<std::uint32_t>(at);
  if (!failed() && distance == 0)
    fail(ErrorCode::malformed, "Invalid Arrow schema: an offset of 0", at);
  return at + distance;
}

FlatBuffer::Table FlatBuffer::root() { return table_from(follow(0)); }

// A table starts with the distance back to its table of fields, which starts with its own size and
// the table's.
FlatBuffer::Table FlatBuffer::table_from(std::size_t at) {
  if (!inside(at, sizeof(std::int32_t))) return {};
  const std::int64_t fields = static_cast<std::int64_t>(at) - load<std::int32_t>(at);
  if (fields < 0) {
    fail(ErrorCode::malformed, "Invalid Arrow schema: an offset leads out of it", at);
    return {};
  }
  Table table{.at = at, .fields_at = static_cast<std::size_t>(fields)};
  table.fields_size = load<std::uint16_t>(table.fields_at);
  table.size = load<std::uint16_t>(table.fields_at + 2);
  if (!inside(table.fields_at, table.fields_size) || !inside(at, table.size)) return {};
  if (table.fields_size < 4 || table.fields_size % 2 != 0 || table.size < 4) {
    fail(ErrorCode::malformed, "Invalid Arrow schema: an invalid table", at);
    return {};
  }
  return table;
}

std::optional<std::size_t> FlatBuffer::place(const Table& table, unsigned field, std::size_t size) {
  const std::size_t slot = 4 + 2 * std::size_t{field};
  if (failed() || slot + 2 > table.fields_size) return std::nullopt;
  const std::size_t in_table = load<std::uint16_t>(table.fields_at + slot);
  if (failed() || in_table == 0) return std::nullopt;
  if (in_table < 4 || in_table + size > table.size) {
    fail(ErrorCode::malformed, "Invalid Arrow schema: a field leads out of its table",
         table.fields_at + slot);
    return std::nullopt;
  }
  return table.at + in_table;
}

std::optional<FlatBuffer::Table> FlatBuffer::table(const Table& table, unsigned field) {
  const std::optional<std::size_t> at = place(table, field, sizeof(std::uint32_t));
  if (!at) return std::nullopt;
  return table_from(follow(*at));
}

FlatBuffer::Vector FlatBuffer::vector_from(std::size_t at, std::size_t element_size) {
  const std::size_t count = load<std::uint32_t>(at);
  if (failed() || !inside(at + sizeof(std::uint32_t), count * element_size)) return {};
  return {at + sizeof(std::uint32_t), count};
}

FlatBuffer::Vector FlatBuffer::vector(const Table& table, unsigned field,
                                      std::size_t element_size) {
  const std::optional<std::size_t> at = place(table, field, sizeof(std::uint32_t));
  if (!at) return {};
  return vector_from(follow(*at), element_size);
}

std::string_view FlatBuffer::text(const Table& table, unsigned field) {
  const Vector bytes = vector(table, field, 1);
  if (failed() || bytes.count == 0) return {};
  return {reinterpret_cast<const char*>(bytes_.data()) + bytes.at, bytes.count};
}

FlatBuffer::Table FlatBuffer::table_at(const Vector& tables, std::size_t index) {
  return table_from(follow(tables.at + index * sizeof(std::uint32_t)));
}

std::int32_t FlatBuffer::number_at(const Vector& numbers, std::size_t index) {
  return load<std::int32_t>(numbers.at + index * sizeof(std::int32_t));
}

}  // namespace structwire::arrow
