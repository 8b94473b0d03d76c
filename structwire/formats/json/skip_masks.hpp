// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the loops of skip_loop.hpp ask of text: 64 bytes, with one bit a byte. For one kind of Block,
// as there.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <structwire/core/simd.hpp>

namespace structwire {
inline namespace STRUCTWIRE_SIMD_SPACE {
namespace skip_detail {

class Window {
 public:
  static constexpr std::size_t size = 64;

  /// Bytes behind the end are zero.
  void move_to(const char* at, const char* end) noexcept {
    base_ = at;
    quotes_ = 0;
    others_ = 0;
    std::uint64_t spaces = 0;
    const auto left = static_cast<std::size_t>(end - at);
    for (std::size_t i = 0; i < size; i += Block::size) {
      const Block block = left >= i + Block::size
                              ? Block::load(at + i)
                              : Block::load_part(at + i, left > i ? left - i : 0);
      quotes_ |= Block::bits(block.equal('"')) << i;
      others_ |= Block::bits(block.equal('\\') | block.control_or_high()) << i;
      spaces |= Block::bits(block.spaces()) << i;
    }
    texts_ = ~spaces;
  }
  const char* end() const noexcept { return base_ + size; }
  bool holds(const char* at) const noexcept { return static_cast<std::size_t>(at - base_) < size; }

  /// From `at` on, which it holds: the distance to the next one, 64 where there is none.
  unsigned to_quote(const char* at) const noexcept { return distance(quotes_, at); }
  unsigned to_other(const char* at) const noexcept { return distance(others_, at); }
  unsigned to_text(const char* at) const noexcept { return distance(texts_, at); }

 private:
  unsigned distance(std::uint64_t mask, const char* at) const noexcept {
    return static_cast<unsigned>(std::countr_zero(mask >> (at - base_)));
  }

  const char* base_ = nullptr;
  std::uint64_t quotes_ = 0;
  std::uint64_t others_ = 0;
  std::uint64_t texts_ = 0;
};

// Each sixty-four times, where a compare of AVX-512 takes them from: kept as a letter, they are made
// anew in front of each compare, which costs as much as that.
struct alignas(64) Letters {
  char quote[Window::size];
  char backslash[Window::size];
  char blank[Window::size];
  char feed[Window::size];
  char zero[Window::size];
  char nine[Window::size];
};
inline constexpr Letters all_letters = [] {
  Letters all{};
  for (std::size_t i = 0; i < Window::size; ++i) {
    all.quote[i] = '"';
    all.backslash[i] = '\\';
    all.blank[i] = ' ';
    all.feed[i] = '\n';
    all.zero[i] = '0';
    all.nine[i] = '9';
  }
  return all;
}();

// 64 bytes, all of which are there. Asked for one by one: many a line needs only some.
class Line {
 public:
  Line(const char* at, const Letters& wanted) noexcept : at_(at), wanted_(wanted) {}

  std::uint64_t quotes() const noexcept { return bits_of(at_, wanted_.quote); }
  std::uint64_t blanks() const noexcept { return bits_of(at_, wanted_.blank); }
  /// Backslashes, control characters and what is beyond ASCII.
  std::uint64_t others() const noexcept {
#if STRUCTWIRE_SIMD_LEVEL == 64
    // The second compare takes the first one's result: one mask is moved, not two.
    const __m512i block = _mm512_loadu_si512(at_);
    const __mmask64 plain = _mm512_cmpneq_epi8_mask(block, _mm512_loadu_si512(wanted_.backslash));
    return ~_mm512_mask_cmpge_epi8_mask(plain, block, _mm512_loadu_si512(wanted_.blank));
#else
    return bits_where(at_, [&](const Block& block) {
      return is(block, wanted_.backslash) | block.control_or_high();
    });
#endif
  }
  std::uint64_t backslashes() const noexcept { return bits_of(at_, wanted_.backslash); }
  std::uint64_t highs() const noexcept {
    return bits_where(at_, [](const Block& block) { return block.high(); });
  }
  /// Quotes, backslashes and control characters.
  std::uint64_t text_stops() const noexcept {
#if STRUCTWIRE_SIMD_LEVEL == 64
    const __m512i block = _mm512_loadu_si512(at_);
    __mmask64 plain = _mm512_cmpneq_epi8_mask(block, _mm512_loadu_si512(wanted_.backslash));
    plain = _mm512_mask_cmpneq_epi8_mask(plain, block, _mm512_loadu_si512(wanted_.quote));
    return ~_mm512_mask_cmpge_epu8_mask(plain, block, _mm512_loadu_si512(wanted_.blank));
#else
    return bits_where(at_, [](const Block& block) {
      return block.equal('"') | block.equal('\\') | block.below(0x20);
    });
#endif
  }
  std::uint64_t digits() const noexcept {
#if STRUCTWIRE_SIMD_LEVEL == 64
    const __m512i block = _mm512_loadu_si512(at_);
    const __mmask64 no_less = _mm512_cmpge_epu8_mask(block, _mm512_loadu_si512(wanted_.zero));
    return _mm512_mask_cmple_epu8_mask(no_less, block, _mm512_loadu_si512(wanted_.nine));
#else
    return bits_where(at_,
                      [](const Block& block) { return block.below('9' + 1) ^ block.below('0'); });
#endif
  }
  /// What may stand behind a backslash, but for a backslash and what has digits.
  std::uint64_t short_escapes() const noexcept {
    return bits_where(at_, [](const Block& block) {
      return block.equal('"') | block.equal('/') | block.equal('b') | block.equal('f') |
             block.equal('n') | block.equal('r') | block.equal('t');
    });
  }
  static std::uint64_t feeds(const char* at, const Letters& wanted) noexcept {
    return bits_of(at, wanted.feed);
  }

 private:
  static std::uint64_t bits_of(const char* at, const char* letter) noexcept {
    return bits_where(at, [&](const Block& block) { return is(block, letter); });
  }
  static Block::Mask is(const Block& block, const char* letter) noexcept {
    return Block::size == Window::size ? block.equal(Block::load(letter)) : block.equal(*letter);
  }
  template <class Ask>
  static std::uint64_t bits_where(const char* at, Ask ask) noexcept {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < Window::size; i += Block::size)
      bits |= Block::bits(ask(Block::load(at + i))) << i;
    return bits;
  }

  const char* at_;
  const Letters& wanted_;
};

// A value that is always written the same, as the bytes of a word. One compare for all of them: which
// of them stands there no branch foresees.
struct alignas(32) FixedValue {
  std::uint64_t text = 1;  // No word without bits.
  std::uint64_t mask = 0;
  std::size_t size = 0;

  constexpr FixedValue() = default;
  constexpr explicit FixedValue(std::string_view value) : size(value.size()) {
    std::array<char, 8> bytes{};
    std::array<unsigned char, 8> bits{};
    for (std::size_t i = 0; i < size; ++i) {
      bytes[i] = value[i];
      bits[i] = 0xFF;
    }
    text = std::bit_cast<std::uint64_t>(bytes);
    mask = std::bit_cast<std::uint64_t>(bits);
  }

  /// By first letter: eight of them are looked at.
  static constexpr std::size_t place_of(char first) noexcept {
    return static_cast<unsigned char>(first) >> 3 & 7;
  }
  bool stands_at(const char* at) const noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return (word & mask) == text;
  }
};
inline constexpr std::array<FixedValue, 8> fixed_values = [] {
  std::array<FixedValue, 8> all{};
  for (const std::string_view value : {"true", "false", "null", "[]", "{}"})
    all[FixedValue::place_of(value[0])] = FixedValue(value);
  return all;
}();

}  // namespace skip_detail
}  // namespace STRUCTWIRE_SIMD_SPACE
}  // namespace structwire
