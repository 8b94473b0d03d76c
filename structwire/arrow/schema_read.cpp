// SPDX-License-Identifier: Apache-2.0
//
// The numbers are the positions of fields in the tables of format/Message.fbs and
// format/Schema.fbs, and the fallbacks are their defaults.
#include <structwire/arrow/schema_read.hpp>

#include <string>

#include <structwire/core/utf8.hpp>

namespace structwire::arrow {
namespace {

constexpr std::uint8_t message_holds_schema = 1;
constexpr std::int16_t version_v4 = 3;  // Arrow 0.8 to 0.17.
constexpr std::int16_t version_v5 = 4;  // Arrow 1.0 and later.

std::int32_t decimal_precision_max(std::int32_t bits) noexcept {
  switch (bits) {
    case 32:
      return 9;
    case 64:
      return 18;
    case 128:
      return 38;
    case 256:
      return 76;
    default:
      return 0;
  }
}

}  // namespace

void SchemaReader::check(bool holds, const char* what, std::size_t at) {
  if (!holds) buffer_.fail(ErrorCode::malformed, std::string("Invalid Arrow schema: ") + what, at);
}

std::string SchemaReader::take_text(const Table& table, unsigned slot) {
  const std::string_view text = buffer_.text(table, slot);
  text_bytes_ += text.size();
  if (text_bytes_ > limits_.text_bytes) {
    buffer_.fail(ErrorCode::size_limit, "An Arrow schema with more text than the limit", table.at);
    return {};
  }
  return std::string(text);
}

std::string SchemaReader::take_utf8(const Table& table, unsigned slot) {
  std::string text = take_text(table, slot);
  if (!utf8::is_valid(text)) {
    buffer_.fail(ErrorCode::invalid_utf8, "Text in an Arrow schema that is not UTF-8", table.at);
  }
  return text;
}

void SchemaReader::read_message() {
  const Table message = buffer_.root();
  const auto version = buffer_.number<std::int16_t>(message, 0, 0);
  if (version != version_v4 && version != version_v5) {
    buffer_.fail(ErrorCode::unsupported, "Unsupported version of Arrow's format", message.at);
  }
  check(buffer_.number<std::uint8_t>(message, 1, 0) == message_holds_schema,
        "another kind of message", message.at);
  const auto schema = buffer_.table(message, 2);
  check(schema.has_value(), "a message without a header", message.at);
  if (!buffer_.failed()) read_schema(*schema);
}

void SchemaReader::read_schema(const Table& schema) {
  const auto endianness = buffer_.number<std::int16_t>(schema, 0, 0);
  check(endianness == 0 || endianness == 1, "an unknown byte order", schema.at);
  is_big_endian = endianness == 1;
  read_fields(schema, 1, fields);
  read_metadata(schema, 2, metadata);
}

// Tables may be shared, so that few bytes could be read as exponentially many fields: they are
// counted.
void SchemaReader::read_fields(const Table& parent, unsigned slot, std::vector<Field>& out) {
  const FlatBuffer::Vector tables = buffer_.vector(parent, slot, sizeof(std::uint32_t));
  if (tables.count > limits_.fields - field_count_) {
    return buffer_.fail(ErrorCode::size_limit, "An Arrow schema with more fields than the limit",
                        parent.at);
  }
  field_count_ += tables.count;
  if (tables.count != 0 && depth_ == limits_.depth) {
    return buffer_.fail(ErrorCode::depth_limit, "An Arrow schema nested deeper than the limit",
                        parent.at);
  }
  ++depth_;
  out.resize(tables.count);
  for (std::size_t i = 0; i < tables.count && !buffer_.failed(); ++i)
    read_field(buffer_.table_at(tables, i), out[i]);
  --depth_;
}

void SchemaReader::read_field(const Table& table, Field& out) {
  out.name = take_utf8(table, 0);
  out.nullable = buffer_.number<std::uint8_t>(table, 1, 0) != 0;
  const auto type_id = buffer_.number<std::uint8_t>(table, 2, 0);
  const auto type = buffer_.table(table, 3);
  check(type.has_value(), "a field without a type", table.at);
  read_fields(table, 5, out.children);
  if (buffer_.failed()) return;
  read_type(*type, type_id, out);
  check_children(out, table.at);
  if (const auto dictionary = buffer_.table(table, 4)) {
    DictionaryEncoding& encoding = out.dictionary.emplace();
    encoding.id = buffer_.number<std::int64_t>(*dictionary, 0, 0);
    encoding.index = {.id = TypeId::integer, .bits = 32};
    if (const auto index = buffer_.table(*dictionary, 1)) read_integer(*index, encoding.index);
    encoding.ordered = buffer_.number<std::uint8_t>(*dictionary, 2, 0) != 0;
  }
  read_metadata(table, 6, out.metadata);
}

void SchemaReader::read_integer(const Table& table, DataType& out) {
  out.bits = buffer_.number<std::int32_t>(table, 0, 0);
  out.is_signed = buffer_.number<std::uint8_t>(table, 1, 0) != 0;
  check(out.bits == 8 || out.bits == 16 || out.bits == 32 || out.bits == 64,
        "an integer of unknown width", table.at);
}

void SchemaReader::read_union(const Table& table, Field& out) {
  const auto mode = buffer_.number<std::int16_t>(table, 0, 0);
  check(mode == 0 || mode == 1, "an unknown kind of union", table.at);
  out.type.is_dense = mode == 1;
  const FlatBuffer::Vector codes = buffer_.vector(table, 1, sizeof(std::int32_t));
  const bool has_codes = codes.count != 0;
  check(!has_codes || codes.count == out.children.size(), "a union with another number of codes",
        table.at);
  if (buffer_.failed()) return;
  for (std::size_t i = 0; i < out.children.size(); ++i) {
    const std::int32_t code =
        has_codes ? buffer_.number_at(codes, i) : static_cast<std::int32_t>(i);
    check(code >= 0 && code <= 127, "a union with a code that is none", table.at);
    out.type.type_codes.push_back(code);
  }
}

void SchemaReader::read_type(const Table& type, std::uint8_t id, Field& out) {
  const auto number16 = [&](unsigned slot, std::int16_t fallback) {
    return buffer_.number<std::int16_t>(type, slot, fallback);
  };
  const auto number32 = [&](unsigned slot, std::int32_t fallback) {
    return buffer_.number<std::int32_t>(type, slot, fallback);
  };
  const auto read_time_unit = [&](std::int16_t fallback) {
    const std::int16_t unit = number16(0, fallback);
    check(unit >= 0 && unit <= 3, "an unknown unit of time", type.at);
    out.type.time_unit = static_cast<TimeUnit>(unit);
  };
  if (id == 0 || id > static_cast<std::uint8_t>(TypeId::large_list_view)) {
    return buffer_.fail(ErrorCode::unsupported, "A type of Arrow that is not known here", type.at);
  }
  out.type.id = static_cast<TypeId>(id);
  switch (out.type.id) {
    case TypeId::integer:
      return read_integer(type, out.type);
    case TypeId::floating: {
      const std::int16_t precision = number16(0, 0);
      check(precision >= 0 && precision <= 2, "a float of unknown precision", type.at);
      out.type.bits = 16 << (precision & 3);
      return;
    }
    case TypeId::decimal:
      out.type.precision = number32(0, 0);
      out.type.scale = number32(1, 0);
      out.type.bits = number32(2, 128);
      return check(
          out.type.precision >= 1 && out.type.precision <= decimal_precision_max(out.type.bits),
          "a decimal of unknown width or precision", type.at);
    case TypeId::date: {
      const std::int16_t unit = number16(0, 1);
      check(unit == 0 || unit == 1, "an unknown unit of dates", type.at);
      out.type.date_unit = static_cast<DateUnit>(unit);
      return;
    }
    case TypeId::time:
      read_time_unit(1);
      out.type.bits = number32(1, 32);
      return check(out.type.bits == (out.type.time_unit <= TimeUnit::millisecond ? 32 : 64),
                   "a time whose unit is not of its width", type.at);
    case TypeId::timestamp:
      read_time_unit(0);
      out.type.time_zone = take_utf8(type, 1);
      return;
    case TypeId::duration:
      return read_time_unit(1);
    case TypeId::interval: {
      const std::int16_t unit = number16(0, 0);
      check(unit >= 0 && unit <= 2, "an unknown unit of intervals", type.at);
      out.type.interval_unit = static_cast<IntervalUnit>(unit);
      return;
    }
    case TypeId::fixed_size_binary:
    case TypeId::fixed_size_list:
      out.type.length = number32(0, 0);
      return check(out.type.length >= 0, "a length below 0", type.at);
    case TypeId::map:
      out.type.keys_sorted = buffer_.number<std::uint8_t>(type, 0, 0) != 0;
      return;
    case TypeId::tagged_union:
      return read_union(type, out);
    default:
      return;
  }
}

void SchemaReader::check_children(const Field& field, std::size_t at) {
  const auto has = [&](std::size_t count) {
    check(field.children.size() == count, "a type with another number of children", at);
  };
  switch (field.type.id) {
    case TypeId::list:
    case TypeId::fixed_size_list:
    case TypeId::large_list:
    case TypeId::list_view:
    case TypeId::large_list_view:
      return has(1);
    case TypeId::run_end_encoded:
      return has(2);
    case TypeId::structure:
    case TypeId::tagged_union:
      return;
    case TypeId::map:
      has(1);
      if (buffer_.failed()) return;
      return check(
          field.children[0].type.id == TypeId::structure && field.children[0].children.size() == 2,
          "a map whose entries are no pairs", at);
    default:
      return has(0);
  }
}

void SchemaReader::read_metadata(const Table& parent, unsigned slot, std::vector<KeyValue>& out) {
  const FlatBuffer::Vector entries = buffer_.vector(parent, slot, sizeof(std::uint32_t));
  // Each entry is charged, too: shared tables with empty texts would cost nothing otherwise.
  text_bytes_ += entries.count * sizeof(KeyValue);
  if (text_bytes_ > limits_.text_bytes) {
    return buffer_.fail(ErrorCode::size_limit, "An Arrow schema with more text than the limit",
                        parent.at);
  }
  out.reserve(entries.count);
  for (std::size_t i = 0; i < entries.count && !buffer_.failed(); ++i) {
    const Table entry = buffer_.table_at(entries, i);
    std::string key = take_text(entry, 0);
    out.push_back({std::move(key), take_text(entry, 1)});
  }
}

}  // namespace structwire::arrow
