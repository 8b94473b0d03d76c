// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Writer of the numbered test format (format.hpp; the contract: structwire/core/writer.hpp).
//
// The length of a message stands before it and is known after it: a gap is left and closed when the
// message is complete.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include <structwire/core/encode.hpp>
#include <tests/support/byte_writer.hpp>
#include <tests/support/numbered/format.hpp>

namespace structwire::testing::numbered {

class Writer : public ByteWriter {
 public:
  static constexpr FormatTraits traits = numbered::traits;
  using ByteWriter::ByteWriter;

  // Each includes the tag that may stand before the value.
  static constexpr std::size_t tag_bound = 5;
  static constexpr std::size_t length_bound = 10;
  static constexpr std::size_t null_bound = tag_bound + 1;
  static constexpr std::size_t some_bound = tag_bound + length_bound;
  static constexpr std::size_t item_bound = 0;
  static constexpr std::size_t entry_bound = tag_bound + length_bound;
  static constexpr std::size_t scalar_bound = tag_bound + varint_max;
  template <class T>
    requires std::is_arithmetic_v<T>
  static constexpr std::size_t number_bound = scalar_bound;
  static std::size_t text_bound(std::string_view text) noexcept {
    return bytes_bound(3 * text.size());
  }
  static constexpr std::size_t ascii_bound(std::size_t size) noexcept { return bytes_bound(size); }
  static constexpr std::size_t bytes_bound(std::size_t size) noexcept {
    return tag_bound + length_bound + size;
  }
  static constexpr std::size_t array_bound(std::size_t) noexcept {
    return tag_bound + length_bound;
  }
  static constexpr std::size_t map_bound(std::size_t) noexcept { return tag_bound + length_bound; }
  template <class P>
  static constexpr std::size_t struct_bound() noexcept {
    return tag_bound + length_bound;
  }

  void none() noexcept {
    if (place_ == Place::member) return;
    put_tag(counted);
    put_varint(0);
  }
  void some() {
    if (place_ == Place::member) {
      place_ = Place::value;
      open_.push_back(nullptr);
    } else {
      open_message();
      start_value(1);
    }
  }
  void close_some() { close_message(); }

  void write(bool value) noexcept { write(static_cast<unsigned>(value)); }
  template <class Integer>
    requires std::is_integral_v<Integer>
  void write(Integer value) noexcept {
    put_tag(varint);
    put_integer(value);
  }
  void write(float value) noexcept {
    put_tag(fixed32);
    put_fixed(value);
  }
  void write(double value) noexcept {
    put_tag(fixed64);
    put_fixed(value);
  }
  void text(std::string_view text) {
    put_tag(counted);
    put_text(text);
  }
  void bytes(std::span<const std::byte> bytes) noexcept {
    put_tag(counted);
    put_counted(bytes);
  }
  template <class E>
  void write_enum(E value) {
    write(static_cast<std::int64_t>(value));
  }

  void open_array(std::size_t) {
    open_message();
    start_value(1);
  }
  void end_item() noexcept { start_value(1); }
  void close_array(std::size_t) { close_message(); }
  void open_map(std::size_t) { open_message(); }
  void open_entry() {
    start_value(1);
    open_message();
    start_value(1);
  }
  void end_key() noexcept { start_value(2); }
  void end_entry() { close_message(); }
  void close_map(std::size_t) { close_message(); }

  template <class P>
  void open_struct(std::size_t) {
    if (place_ == Place::top) {
      open_.push_back(nullptr);
    } else {
      open_message();
    }
  }
  template <class P, std::size_t I>
  void member_key() noexcept {
    number_ = P::members[I].number;
    place_ = Place::member;
  }
  void end_member() noexcept {}
  template <class P>
  void close_struct(std::size_t) {
    close_message();
  }

  template <class P, std::size_t I, ArrayType M>
  void write_member(const M& items) {
    for (const auto& item : items) {
      start_value(P::members[I].number);
      write_value<RuleList<>, Writer, typename M::value_type>(*this, item);
    }
  }
  template <class P, std::size_t I, MapType M>
  void write_member(const M& entries) {
    for (const auto& [key, value] : entries) {
      start_value(P::members[I].number);
      open_message();
      start_value(1);
      write_value(*this, key);
      start_value(2);
      write_value(*this, value);
      close_message();
    }
  }

 private:
  void start_value(std::uint32_t number) noexcept {
    number_ = number;
    place_ = Place::value;
  }
  void put_tag(WireType wire) noexcept { put_varint(std::uint64_t{number_} << 3 | wire); }

  void open_message() {
    put_tag(counted);
    cursor_ += length_bound;
    open_.push_back(cursor_);
  }
  // A place in `open_` that is null stands for a message without tag and length.
  void close_message() {
    std::byte* start = open_.back();
    open_.pop_back();
    if (start == nullptr) return;
    const auto size = static_cast<std::size_t>(cursor_ - start);
    std::byte* moved = write_varint(start - length_bound, size);
    std::memmove(moved, start, size);
    cursor_ = moved + size;
  }

  std::uint32_t number_ = 1;
  Place place_ = Place::top;
  std::vector<std::byte*> open_;
};

}  // namespace structwire::testing::numbered
