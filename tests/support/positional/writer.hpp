// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Writer of the positional test format (format.hpp; the contract: structwire/core/writer.hpp).

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <structwire/core/encode.hpp>
#include <tests/support/byte_writer.hpp>
#include <tests/support/positional/format.hpp>

namespace structwire::testing::positional {

class Writer : public ByteWriter {
 public:
  static constexpr FormatTraits traits = positional::traits;
  using ByteWriter::ByteWriter;

  static constexpr std::size_t alternative_bound = varint_max;
  static constexpr std::size_t null_bound = 1;
  static constexpr std::size_t some_bound = 1;
  static constexpr std::size_t item_bound = 0;
  static constexpr std::size_t entry_bound = 0;
  static constexpr std::size_t scalar_bound = varint_max;
  template <class T>
    requires std::is_arithmetic_v<T>
  static constexpr std::size_t number_bound = varint_max;
  static std::size_t text_bound(std::string_view text) noexcept {
    return varint_max + 3 * text.size();
  }
  static constexpr std::size_t ascii_bound(std::size_t size) noexcept { return bytes_bound(size); }
  static constexpr std::size_t bytes_bound(std::size_t size) noexcept { return varint_max + size; }
  static constexpr std::size_t array_bound(std::size_t) noexcept { return varint_max + 1; }
  static constexpr std::size_t map_bound(std::size_t) noexcept { return varint_max + 1; }
  template <class P>
  static constexpr std::size_t struct_bound() noexcept {
    return 0;
  }

  void null() noexcept {}
  template <class V>
  void alternative(std::size_t index) noexcept {
    put_varint(index);
  }
  void none() noexcept { put_integer(std::int64_t{0}); }
  void some() noexcept { put_integer(std::int64_t{1}); }
  void write(bool value) noexcept { put_fixed(value); }
  template <class Integer>
    requires std::is_integral_v<Integer>
  void write(Integer value) noexcept {
    put_integer(value);
  }
  void write(float value) noexcept { put_fixed(value); }
  void write(double value) noexcept { put_fixed(value); }
  void text(std::string_view text) { put_text(text); }
  void bytes(std::span<const std::byte> bytes) noexcept { put_counted(bytes); }
  template <class E>
  void write_enum(E value) {
    const std::size_t position = enum_values<E>.position(value);
    if (position == enum_values<E>.values.size())
      state_->fail(ErrorCode::invalid_enum_value, "Not a listed value");
    put_varint(position);
  }

  void open_array(std::size_t size) noexcept {
    if (size != 0) put_integer(static_cast<std::int64_t>(size));
  }
  void end_item() noexcept {}
  void close_array(std::size_t) noexcept { put_integer(std::int64_t{0}); }
  void open_map(std::size_t size) noexcept { open_array(size); }
  void end_key() noexcept {}
  void end_entry() noexcept {}
  void close_map(std::size_t size) noexcept { close_array(size); }

  template <class P>
  void open_struct(std::size_t) noexcept {}
  template <class P, std::size_t I>
  void member_key() noexcept {}
  void end_member() noexcept {}
  template <class P>
  void close_struct(std::size_t) noexcept {}
};

}  // namespace structwire::testing::positional
