// SPDX-License-Identifier: Apache-2.0
#pragma once

// A reader of FlatBuffers (flatbuffers.dev, "FlatBuffers internals") that trusts nothing: every
// offset and every length is compared with the bytes that are there before it is followed. A part
// of arrow/schema.hpp.
//
// The first thing that is wrong is kept, and everything that is asked afterwards is absent, empty
// or zero; who reads asks failed() before the values are used. Tables can be shared and so can
// text: it is the caller who bounds how many are visited. Borrows the bytes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include <structwire/core/error.hpp>

namespace structwire::arrow {

class FlatBuffer {
 public:
  /// A table: where it is, and its table of fields. Of size 0: no field is there.
  struct Table {
    std::size_t at = 0;
    std::size_t size = 0;
    std::size_t fields_at = 0;
    std::size_t fields_size = 0;
  };
  struct Vector {
    std::size_t at = 0;  ///< Of the first element.
    std::size_t count = 0;
  };

  /// `offset`: where the bytes start in the input, for errors.
  FlatBuffer(std::span<const std::byte> bytes, std::size_t offset) noexcept
      : bytes_(bytes), offset_(offset) {}

  bool failed() const noexcept { return error_.has_value(); }
  Error take_error() { return std::move(*error_); }
  /// Remembers what is wrong at byte `at`, unless something was wrong before.
  void fail(ErrorCode code, std::string_view what, std::size_t at);

  Table root();
  /// The number in a field; `fallback` where the field is absent.
  template <class T>
  T number(const Table& table, unsigned field, T fallback) {
    const std::optional<std::size_t> at = place(table, field, sizeof(T));
    return at ? load<T>(*at) : fallback;
  }
  /// What a field refers to; absent: nothing.
  std::optional<Table> table(const Table& table, unsigned field);
  /// Absent: empty. Not checked to be UTF-8.
  std::string_view text(const Table& table, unsigned field);
  /// Absent: empty. The elements are inside the bytes.
  Vector vector(const Table& table, unsigned field, std::size_t element_size);
  /// Element `index` of a vector of tables.
  Table table_at(const Vector& tables, std::size_t index);
  std::int32_t number_at(const Vector& numbers, std::size_t index);

 private:
  template <class T>
  T load(std::size_t at) {
    using Bits = std::make_unsigned_t<T>;
    Bits value = 0;
    if (!inside(at, sizeof(T))) return T{};
    for (std::size_t i = sizeof(T); i-- > 0;) {
      value = static_cast<Bits>(static_cast<std::uint64_t>(value) << 8 |
                                std::to_integer<std::uint8_t>(bytes_[at + i]));
    }
    return static_cast<T>(value);
  }
  bool inside(std::size_t at, std::size_t size);
  std::optional<std::size_t> place(const Table& table, unsigned field, std::size_t size);
  std::size_t follow(std::size_t at);
  Table table_from(std::size_t at);
  Vector vector_from(std::size_t at, std::size_t element_size);

  std::span<const std::byte> bytes_;
  std::size_t offset_;
  std::optional<Error> error_;
};

}  // namespace structwire::arrow
