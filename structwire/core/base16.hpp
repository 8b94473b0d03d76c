// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes as hexadecimal text (RFC 4648, section 8): lower case when written, any case when read.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace structwire::base16 {

constexpr std::size_t encoded_size(std::size_t size) noexcept { return 2 * size; }

/// Writes encoded_size(bytes.size()) characters at `out` and returns the end.
inline char* write(char* out, std::span<const std::byte> bytes) noexcept {
  constexpr char digits[] = "0123456789abcdef";
  for (const std::byte byte : bytes) {
    *out++ = digits[std::to_integer<unsigned>(byte) >> 4];
    *out++ = digits[std::to_integer<unsigned>(byte) & 15];
  }
  return out;
}

constexpr int digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = static_cast<char>(c | 0x20);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/// False when `text` is not pairs of hexadecimal digits; `out` is then not defined.
template <class Target>
bool decode(std::string_view text, Target& out) {
  if (text.size() % 2 != 0) return false;
  if constexpr (requires { out.resize_uninitialized(0); }) {
    out.resize_uninitialized(text.size() / 2);
  } else {
    out.resize(text.size() / 2);
  }
  std::byte* next = out.data();
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return false;
    *next++ = static_cast<std::byte>(high << 4 | low);
  }
  return true;
}

}  // namespace structwire::base16
