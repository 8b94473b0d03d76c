// SPDX-License-Identifier: Apache-2.0
#pragma once

// UTF-8: is it, and if not, made so. Unicode 15, table 3-7 (no overlong forms, no surrogates, at most
// U+10FFFF).

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <structwire/core/config.hpp>
#include <structwire/core/text_kernels.hpp>

namespace structwire::utf8 {

/// Length of the longest valid prefix of `text`; `text.size()` when all of it is valid.
std::size_t valid_prefix(std::string_view text) noexcept;

/// A copy in which every maximal ill-formed part is U+FFFD (Unicode 15, section 3.9, "substitution").
std::string replaced(std::string_view text);

/// Number of code points of valid UTF-8.
std::size_t code_points(std::string_view text) noexcept;

/// A code point and how many bytes it takes. In place of an ill-formed one: U+FFFD, one byte, not
/// valid.
struct CodePoint {
  std::uint32_t code = 0xFFFD;
  std::size_t length = 1;
  bool valid = false;
};

inline namespace STRUCTWIRE_INLINE {

/// The code point that starts at byte `at`, which is in `text`.
constexpr CodePoint code_point_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return static_cast<unsigned char>(text[i]);
  };
  const std::uint32_t lead = byte(at);
  if (lead < 0x80) return {lead, 1, true};
  if (lead < 0xC2 || lead > 0xF4) return {};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() - at < length) return {};
  std::uint32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = at + 1; i < at + length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3F);
  }
  const bool overlong = code < (length == 3 ? 0x800u : length == 4 ? 0x10000u : 0x80u);
  if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, length, true};
}

/// True when no byte has its high bit set. Inline because most text is short and ASCII.
inline bool is_ascii(const char* text, std::size_t size) noexcept {
  constexpr std::uint64_t high_bits = 0x8080808080808080u;
  std::uint64_t word = 0;
  if (size >= 8) {
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i + 8 <= size; i += 8) {
      std::memcpy(&word, text + i, 8);
      seen |= word;
    }
    std::memcpy(&word, text + size - 8, 8);
    return ((seen | word) & high_bits) == 0;
  }
  if (size >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, text, 4);
    std::memcpy(&last, text + size - 4, 4);
    return ((first | last) & static_cast<std::uint32_t>(high_bits)) == 0;
  }
  for (std::size_t i = 0; i < size; ++i) word |= static_cast<unsigned char>(text[i]);
  return (word & 0x80) == 0;
}

inline bool is_valid(std::string_view text) noexcept {
  return (text.size() <= 32 && is_ascii(text.data(), text.size())) || text_kernels::is_utf8(text);
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::utf8
