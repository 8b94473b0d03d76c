// SPDX-License-Identifier: Apache-2.0
#pragma once

// Variable-length integers, seven bits a byte, least significant first, and zigzag for signed ones:
// what the numbered and the positional test format are made of.

#include <cstddef>
#include <cstdint>

namespace structwire::testing {

inline constexpr std::size_t varint_max = 10;

inline std::byte* write_varint(std::byte* out, std::uint64_t value) noexcept {
  while (value >= 0x80) {
    *out++ = static_cast<std::byte>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<std::byte>(value);
  return out;
}

constexpr std::size_t varint_size(std::uint64_t value) noexcept {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t bits) noexcept {
  return static_cast<std::int64_t>((bits >> 1) ^ (0 - (bits & 1)));
}

}  // namespace structwire::testing
