// SPDX-License-Identifier: Apache-2.0
#include <structwire/arrow/schema.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include <structwire/arrow/schema_read.hpp>
#include <structwire/core/config.hpp>

namespace structwire::arrow {
namespace {

// What pyarrow.schema([]).serialize() gives.
constexpr std::array<std::uint8_t, 56> empty_schema = {
    0xFF, 0xFF, 0xFF, 0xFF, 0x30, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x0A, 0x00, 0x0C, 0x00, 0x06, 0x00, 0x05, 0x00, 0x08, 0x00, 0x0A, 0x00, 0x00, 0x00,
    0x00, 0x01, 0x04, 0x00, 0x0C, 0x00, 0x00, 0x00, 0x08, 0x00, 0x08, 0x00, 0x00, 0x00,
    0x04, 0x00, 0x08, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};

// The size of the message behind the prefix: FF FF FF FF and 32 bits; before Arrow 0.15 only the 32
// bits.
struct Prefix {
  std::size_t size = 0;
  std::uint32_t message_size = 0;
};
Result<Prefix> read_prefix(std::span<const std::byte> bytes) {
  const auto number_at = [&](std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = 4; i-- > 0;)
      number = number << 8 | std::to_integer<std::uint8_t>(bytes[at + i]);
    return number;
  };
  const auto unexpected_end = [&] {
    return std::unexpected(
        Error(ErrorCode::unexpected_end, "Input data was truncated", bytes.size()));
  };
  constexpr std::uint32_t continuation = 0xFFFFFFFF;
  if (bytes.size() < 4) return unexpected_end();
  Prefix prefix{4, number_at(0)};
  if (prefix.message_size == continuation) {
    if (bytes.size() < 8) return unexpected_end();
    prefix = {8, number_at(4)};
  }
  if (prefix.message_size > bytes.size() - prefix.size) return unexpected_end();
  return prefix;
}

}  // namespace

Schema::Schema() {
  const auto bytes = std::as_bytes(std::span(empty_schema));
  bytes_.assign(bytes.begin(), bytes.end());
}

Result<Schema> Schema::from_bytes(Bytes bytes, const SchemaLimits& limits) {
  const auto prefix = read_prefix(bytes);
  if (!prefix) return std::unexpected(prefix.error());
  const std::size_t end = prefix->size + prefix->message_size;
  if (end != bytes.size()) {
    return std::unexpected(Error(ErrorCode::trailing_data, "Bytes behind the Arrow schema", end));
  }
  FlatBuffer buffer(std::span<const std::byte>(bytes).subspan(prefix->size), prefix->size);
  SchemaReader reader(buffer, limits);
  reader.read_message();
  if (buffer.failed()) return std::unexpected(buffer.take_error());
  Schema schema;
  schema.bytes_ = std::move(bytes);
  schema.fields_ = std::move(reader.fields);
  schema.metadata_ = std::move(reader.metadata);
  schema.is_big_endian_ = reader.is_big_endian;
  return schema;
}

const Field* Schema::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(fields_, name, &Field::name);
  return found == fields_.end() ? nullptr : &*found;
}

}  // namespace structwire::arrow
