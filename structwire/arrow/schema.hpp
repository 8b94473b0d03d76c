// SPDX-License-Identifier: Apache-2.0
#pragma once

// An Arrow schema: the bytes that `pyarrow.Schema.serialize()` gives, kept as they came, and what
// they say: names, types, nullability and metadata of the fields. A wire type: MessagePack
// extension 3, whose bytes are those.
//
//   struct Contract { std::string table; sw::ArrowSchema schema; };
//   for (const sw::arrow::Field& field : contract.schema.fields())
//     std::puts((field.name + ": " + field.type_text()).c_str());       // price: decimal128(10, 2)
//
// The bytes are an encapsulated message of Arrow's IPC format (Arrow Columnar Format, "Encapsulated
// message format"; format/Message.fbs, format/Schema.fbs), read by a small reader of our own; Arrow
// itself is not needed. Schemas are carried and looked at here, not made.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <structwire/core/buffer.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/extension.hpp>

namespace structwire::arrow {

/// In the order and with the numbers of Schema.fbs.
enum class TypeId : std::uint8_t {
  none,
  null,
  integer,
  floating,
  binary,
  utf8,
  boolean,
  decimal,
  date,
  time,
  timestamp,
  interval,
  list,
  structure,
  tagged_union,
  fixed_size_binary,
  fixed_size_list,
  map,
  duration,
  large_binary,
  large_utf8,
  large_list,
  run_end_encoded,
  binary_view,
  utf8_view,
  list_view,
  large_list_view,
};

enum class TimeUnit : std::uint8_t { second, millisecond, microsecond, nanosecond };
enum class DateUnit : std::uint8_t { day, millisecond };
enum class IntervalUnit : std::uint8_t { year_month, day_time, month_day_nano };

/// A type without its children. Members that a type does not have keep their initial values.
struct DataType {
  TypeId id = TypeId::null;
  std::int32_t bits = 0;                  ///< integer, floating, decimal, time: their width.
  bool is_signed = true;                  ///< integer
  std::int32_t precision = 0;             ///< decimal
  std::int32_t scale = 0;                 ///< decimal
  TimeUnit time_unit = TimeUnit::second;  ///< time, timestamp, duration
  DateUnit date_unit = DateUnit::day;     ///< date
  IntervalUnit interval_unit = IntervalUnit::year_month;  ///< interval
  std::string time_zone;                                  ///< timestamp: empty for local time.
  std::int32_t length = 0;               ///< fixed_size_binary: bytes; fixed_size_list: items.
  bool keys_sorted = false;              ///< map
  bool is_dense = false;                 ///< tagged_union
  std::vector<std::int32_t> type_codes;  ///< tagged_union: one per child.

  friend bool operator==(const DataType&, const DataType&) = default;
};

/// Values are repeated by index into a dictionary that travels apart; the field's type is that of
/// the values.
struct DictionaryEncoding {
  std::int64_t id = 0;
  DataType index;
  bool ordered = false;

  friend bool operator==(const DictionaryEncoding&, const DictionaryEncoding&) = default;
};

struct KeyValue {
  std::string key;
  std::string value;  ///< Bytes, often JSON.

  friend bool operator==(const KeyValue&, const KeyValue&) = default;
};

struct Field {
  std::string name;
  bool nullable = false;
  DataType type;
  std::vector<Field>
      children;  ///< Of lists one, of maps one struct of two, of structs and unions any.
  std::optional<DictionaryEncoding> dictionary;
  std::vector<KeyValue> metadata;

  /// The type as pyarrow prints it: `list<item: int64 not null>`, `dictionary<values=string,
  /// indices=int8, ordered=0>`. Of an extension type, the one that it is stored as.
  std::string type_text() const;

  friend bool operator==(const Field&, const Field&) = default;
};

struct SchemaLimits {
  std::size_t fields = 65536;          ///< Fields in all, those inside others included.
  std::size_t depth = 64;              ///< Fields inside each other; Arrow's own limit.
  std::size_t text_bytes = 16u << 20;  ///< Names, time zones and metadata, all together.
};

class Schema {
 public:
  /// A schema without fields.
  Schema();
  /// Takes the bytes over. Errors, with their offset: malformed and unexpected_end for what is no
  /// schema, trailing_data, invalid_utf8 in a name, size_limit and depth_limit, unsupported for
  /// versions of the format before 1.0 and types that are not listed above.
  static Result<Schema> from_bytes(Bytes bytes, const SchemaLimits& limits = {});

  /// As they came.
  std::span<const std::byte> bytes() const noexcept { return bytes_; }
  const std::vector<Field>& fields() const noexcept { return fields_; }
  const std::vector<KeyValue>& metadata() const noexcept { return metadata_; }
  /// The byte order of the data that it describes.
  bool is_big_endian() const noexcept { return is_big_endian_; }
  /// The first field of that name; nullptr when there is none.
  const Field* find(std::string_view name) const noexcept;

  /// The same bytes.
  friend bool operator==(const Schema& a, const Schema& b) noexcept { return a.bytes_ == b.bytes_; }

 private:
  Bytes bytes_;
  std::vector<Field> fields_;
  std::vector<KeyValue> metadata_;
  bool is_big_endian_ = false;
};

}  // namespace structwire::arrow

namespace structwire {

using ArrowSchema = arrow::Schema;

template <>
struct extension_for<arrow::Schema> {
  static constexpr std::int8_t code = arrow_schema_extension;
  static Bytes to_bytes(const arrow::Schema& schema) {
    return {schema.bytes().begin(), schema.bytes().end()};
  }
  static ExtensionPieces to_pieces(const arrow::Schema& schema) { return {{}, schema.bytes()}; }
  static Result<arrow::Schema> from_bytes(std::span<const std::byte> bytes) {
    return arrow::Schema::from_bytes(Bytes(bytes.begin(), bytes.end()));
  }
};
template <>
struct extension_code<arrow_schema_extension> {
  using type = arrow::Schema;
};

}  // namespace structwire
