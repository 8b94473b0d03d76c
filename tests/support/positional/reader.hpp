// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Reader of the positional test format (format.hpp; the contract: structwire/core/reader.hpp).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <structwire/core/decode.hpp>
#include <tests/support/byte_reader.hpp>
#include <tests/support/positional/format.hpp>

namespace structwire::testing::positional {

class Reader : public ByteReader {
 public:
  static constexpr FormatTraits traits = positional::traits;
  using ByteReader::ByteReader;

  struct ArrayScope {
    std::uint64_t in_block = 0;
    std::uint64_t in_all = 0;
    std::size_t hint = 0;
  };
  using MapScope = ArrayScope;
  struct StructScope {};

  bool read(bool& out) {
    std::uint8_t byte = 0;
    if (!take_fixed(byte)) return false;
    if (byte > 1) return malformed("A bool that is neither 0 nor 1");
    out = byte == 1;
    return true;
  }
  template <class Integer>
    requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
  bool read(Integer& out) {
    return take_integer(out);
  }
  bool read(float& out) { return take_fixed(out); }
  bool read(double& out) { return take_fixed(out); }
  bool read_text(std::string_view& out) { return take_text(out); }
  template <class Target>
  bool read_bytes(Target& out) {
    std::span<const std::byte> bytes;
    if (!take_counted(bytes)) return false;
    out = Target(bytes.begin(), bytes.end());
    return true;
  }
  bool read_bytes(Buffer& out) {
    std::span<const std::byte> bytes;
    if (!take_counted(bytes)) return false;
    out = Buffer(bytes);
    return true;
  }
  template <class E>
  bool read_enum(E& out) {
    const std::size_t start = offset();
    std::uint64_t position = 0;
    if (!take_varint(position)) return false;
    if (position >= enum_values<E>.values.size()) {
      return fail(ErrorCode::invalid_enum_value, "Invalid enum value " + std::to_string(position),
                  start);
    }
    out = enum_values<E>.values[position];
    return true;
  }

  template <class V>
  bool read_alternative(std::size_t& index) {
    std::uint64_t position = 0;
    if (!take_varint(position)) return false;
    index = static_cast<std::size_t>(position);
    return true;
  }
  bool read_some(bool& some) {
    std::int64_t branch = 0;
    if (!take_integer(branch)) return false;
    some = branch == 1;
    return branch == 0 || some || malformed("A branch that an optional does not have");
  }

  bool open_array(ArrayScope& scope) {
    if (!open_block(scope)) return false;
    scope.hint = static_cast<std::size_t>(std::min<std::uint64_t>(scope.in_block, left()));
    return true;
  }
  bool more_items(ArrayScope& scope) {
    if (scope.in_all == 0) return false;
    if (scope.in_block == 0 && (!open_block(scope) || scope.in_block == 0)) return false;
    --scope.in_block;
    return true;
  }
  bool open_map(MapScope& scope) { return open_array(scope); }
  bool more_entries(MapScope& scope) { return more_items(scope); }
  bool close_key(MapScope&) noexcept { return true; }

  template <class P>
  bool open_struct(StructScope&) noexcept {
    return true;
  }
  template <class P, std::size_t I>
  int next_member(StructScope&) noexcept {
    return I < P::size ? static_cast<int>(I) : member_end;
  }

 private:
  bool open_block(ArrayScope& scope) {
    std::int64_t count = 0;
    std::int64_t size = 0;
    if (!take_integer(count)) return false;
    if (count < 0 && !take_integer(size)) return false;
    scope.in_block =
        count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
    if (scope.in_block >
        limits().container_items - std::min(scope.in_all, limits().container_items)) {
      return fail(ErrorCode::size_limit, "More items than the limit", offset());
    }
    scope.in_all += scope.in_block;
    return true;
  }
};

}  // namespace structwire::testing::positional
