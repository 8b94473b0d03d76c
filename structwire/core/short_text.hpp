// SPDX-License-Identifier: Apache-2.0
#pragma once

// Short text, which most text is: copied and looked at without a call.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include <structwire/core/config.hpp>
#include <structwire/core/match.hpp>
#include <structwire/core/simd.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// As memcpy, without its call for up to 64 bytes: two or four moves that overlap.
STRUCTWIRE_ALWAYS_INLINE void copy_short(char* to, const char* from, std::size_t size) noexcept {
  const auto ends = [&]<std::size_t Size>(std::integral_constant<std::size_t, Size>, std::size_t offset) {
    char first[Size];
    char last[Size];
    std::memcpy(first, from + offset, Size);
    std::memcpy(last, from + size - offset - Size, Size);
    std::memcpy(to + offset, first, Size);
    std::memcpy(to + size - offset - Size, last, Size);
  };
  if (size >= 8) {
    if (size <= 16) return ends(std::integral_constant<std::size_t, 8>{}, 0);
    if (size <= 32) return ends(std::integral_constant<std::size_t, 16>{}, 0);
    if (size > 64) {
      std::memcpy(to, from, size);
      return;
    }
    ends(std::integral_constant<std::size_t, 16>{}, 0);
    return ends(std::integral_constant<std::size_t, 16>{}, 16);
  }
  if (size >= 4) return ends(std::integral_constant<std::size_t, 4>{}, 0);
  if (size == 0) return;
  to[0] = from[0];
  to[size / 2] = from[size / 2];
  to[size - 1] = from[size - 1];
}

/// out = text, in the memory that it has where that is enough.
template <class String>
STRUCTWIRE_ALWAYS_INLINE void assign_text(String& out, std::string_view text) {
  if (text.size() > out.capacity()) {
    out.assign(text.data(), text.size());
    return;
  }
  STRUCTWIRE_INLINE_CALL out.resize_and_overwrite(text.size(), [text](char* to, std::size_t size) {
    copy_short(to, text.data(), size);
    return size;
  });
}

#if defined(__AVX512VBMI__) && STRUCTWIRE_SIMD_LEVEL == 64 && !defined(STRUCTWIRE_PORTABLE)
#define STRUCTWIRE_LOOKS_UP_PLAIN

/// The highest bit for each ASCII character that JSON escapes.
struct EscapedMarks {
  alignas(64) std::uint8_t of[128];
};
inline constexpr EscapedMarks escaped_marks = [] {
  EscapedMarks marks{};
  for (unsigned c = 0; c < 128; ++c) marks.of[c] = c < 0x20 || c == '"' || c == '\\' ? 0x80 : 0;
  return marks;
}();

/// One look-up in place of four comparisons, whose constants alone cost more when they are made for each text.
STRUCTWIRE_ALWAYS_INLINE bool copy_if_unescaped(char* out, const char* text, std::size_t size) noexcept {
  const std::uint64_t there = _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(size));
  const __m512i bytes = _mm512_maskz_loadu_epi8(there, text);
  _mm512_storeu_si512(out, bytes);
  const __m512i marks =
      _mm512_permutex2var_epi8(_mm512_load_si512(escaped_marks.of), bytes, _mm512_load_si512(escaped_marks.of + 64));
  return (_mm512_movepi8_mask(_mm512_or_si512(marks, bytes)) & there) == 0;
}
#endif

/// What copy_if_plain takes.
inline constexpr std::size_t short_text_max = 64;

/// What is_short_ascii takes.
inline constexpr std::size_t short_ascii_max = 64;

/// True when `text` of at most short_ascii_max bytes is ASCII: no loop, which compilers make vectors of.
STRUCTWIRE_ALWAYS_INLINE bool is_short_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t highs = 0x8080808080808080u;
  const char* const at = text.data();
  const std::size_t size = text.size();
  if (size >= 8) {
    std::uint64_t seen = load_word<std::uint64_t>(at) | load_word<std::uint64_t>(at + size - 8);
    if (size > 16) seen |= load_word<std::uint64_t>(at + 8) | load_word<std::uint64_t>(at + size - 16);
    if (size > 32) {
      seen |= load_word<std::uint64_t>(at + 16) | load_word<std::uint64_t>(at + 24);
      seen |= load_word<std::uint64_t>(at + size - 24) | load_word<std::uint64_t>(at + size - 32);
    }
    return (seen & highs) == 0;
  }
  if (size >= 4) {
    return ((load_word<std::uint32_t>(at) | load_word<std::uint32_t>(at + size - 4)) & static_cast<std::uint32_t>(highs)) == 0;
  }
  return size == 0 || ((at[0] | at[size / 2] | at[size - 1]) & 0x80) == 0;
}

/// Copies `text` of at most short_text_max bytes to `out`, where so many may be written; false when it is not
/// plain: ASCII, and with `Quoted` without characters that JSON escapes. Then `out` may hold anything.
template <bool Quoted>
STRUCTWIRE_ALWAYS_INLINE bool copy_if_plain(char* out, std::string_view text) noexcept {
#if defined(STRUCTWIRE_LOOKS_UP_PLAIN)
  if constexpr (Quoted) return copy_if_unescaped(out, text.data(), text.size());
#endif
  if constexpr (Block::size == short_text_max) {
    const Block block = Block::load_part(text.data(), text.size());
    block.store(out);
    if constexpr (!Quoted) return block.high() == 0;
    // Behind the text there are zeros, which count as control characters.
    return Block::first(block.equal('"') | block.equal('\\') | block.below(0x20) | block.high()) >= text.size();
  } else {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t highs = 0x8080808080808080u;
    std::uint64_t found = 0;
    // Any byte that is equal, or below, or high: the classic tests (Warren, Hacker's Delight, section 6-1).
    const auto look_at = [&](std::uint64_t word) {
      found |= word;
      if constexpr (Quoted) {
        const std::uint64_t quote = word ^ (ones * '"');
        const std::uint64_t backslash = word ^ (ones * '\\');
        found |= ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | ((word - ones * 0x20) & ~word);
      }
    };
    const std::size_t size = text.size();
    if (size >= 8) {
      for (std::size_t i = 0; i < size; i += 8) {
        const std::size_t at = i + 8 <= size ? i : size - 8;
        const auto word = load_word<std::uint64_t>(text.data() + at);
        std::memcpy(out + at, &word, 8);
        look_at(word);
      }
    } else {
      std::uint64_t word = ones * 'x';
      char* const bytes = reinterpret_cast<char*>(&word);
      copy_short(bytes, text.data(), size);
      std::memcpy(out, &word, 8);
      look_at(word);
    }
    return (found & highs) == 0;
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
