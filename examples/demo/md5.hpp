// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace demo {

/// MD5 (RFC 1321) of bytes that come in pieces. Good for finding damage, not for trust.
class Md5 {
 public:
  void add(std::span<const std::byte> bytes);
  /// The digest as 32 hexadecimal digits; nothing may be added afterwards.
  [[nodiscard]] std::string finish();

 private:
  static constexpr std::size_t block_bytes = 64;

  void mix(const std::byte* block);

  std::array<std::uint32_t, 4> state_ = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::array<std::byte, block_bytes> partial_{};
  std::uint64_t size_ = 0;
};

}  // namespace demo
