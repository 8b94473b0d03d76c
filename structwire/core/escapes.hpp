// SPDX-License-Identifier: Apache-2.0
#pragma once

// What stands in JSON text for a character that cannot stand there itself (RFC 8259, section 7).

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace structwire {

/// As one word of eight bytes, so that it is written in one move.
struct Escape {
  char text[7];
  std::uint8_t size;
};

/// For quotes, backslashes and control characters: the short form where there is one, else \u00XX. Other characters
/// below the backslash stand for themselves.
inline constexpr auto escapes = [] {
  constexpr std::string_view hex_digits = "0123456789abcdef";
  std::array<Escape, '\\' + 1> table{};
  for (std::size_t c = 0; c < table.size(); ++c) {
    if (c < 0x20) {
      table[c] = {{'\\', 'u', '0', '0', hex_digits[c >> 4], hex_digits[c & 15]}, 6};
    } else {
      table[c] = {{static_cast<char>(c)}, 1};
    }
  }
  constexpr std::string_view short_forms = "\"\"\\\\\bb\ff\nn\rr\tt";
  for (std::size_t i = 0; i < short_forms.size(); i += 2) {
    table[static_cast<std::size_t>(short_forms[i])] = {{'\\', short_forms[i + 1]}, 2};
  }
  return table;
}();

}  // namespace structwire
