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

namespace structwire::utf8 {

/// Length of the longest valid prefix of `text`; `text.size()` when all of it is valid.
std::size_t valid_prefix(std::string_view text) noexcept;

/// A copy in which every maximal ill-formed part is U+FFFD (Unicode 15, section 3.9, "substitution").
std::string replaced(std::string_view text);

/// Number of code points of valid UTF-8.
std::size_t code_points(std::string_view text) noexcept;

inline namespace STRUCTWIRE_INLINE {

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
  return is_ascii(text.data(), text.size()) || valid_prefix(text) == text.size();
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::utf8
