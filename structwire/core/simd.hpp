// SPDX-License-Identifier: Apache-2.0
#pragma once

// Many bytes at once: as wide as the flags of the program allow, eight in a word where there is no vector.
//
// A Block is `size` bytes in a register. Comparing gives a Mask, in which first() finds the place of the first
// hit; `size` or more when there is none. spaces() are the white space of JSON and of most text: blank, line feed,
// carriage return, tab.
//
// Included twice over: by inline code, and by the kernels for processors that the flags do not promise
// (text_kernel_*.cpp), which choose the level and a namespace themselves.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <structwire/core/config.hpp>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#if !defined(STRUCTWIRE_SIMD_LEVEL)
#if defined(STRUCTWIRE_PORTABLE)
#define STRUCTWIRE_SIMD_LEVEL 8
#elif defined(__AVX512BW__) && defined(__AVX512VL__)
#define STRUCTWIRE_SIMD_LEVEL 64
#elif defined(__AVX2__)
#define STRUCTWIRE_SIMD_LEVEL 32
#elif defined(__SSE2__)
#define STRUCTWIRE_SIMD_LEVEL 16
#elif defined(__ARM_NEON) && defined(__aarch64__)
#define STRUCTWIRE_SIMD_LEVEL 17
#else
#define STRUCTWIRE_SIMD_LEVEL 8
#endif
#define STRUCTWIRE_SIMD_SPACE STRUCTWIRE_INLINE
#endif

namespace structwire {
inline namespace STRUCTWIRE_SIMD_SPACE {

#if STRUCTWIRE_SIMD_LEVEL == 64

class Block {
 public:
  static constexpr std::size_t size = 64;
  using Mask = std::uint64_t;
  static constexpr Mask all = ~Mask{0};

  static Block load(const void* at) noexcept { return _mm512_loadu_si512(at); }
  /// The first `count` <= size bytes; the others are zero and are not touched.
  static Block load_part(const void* at, std::size_t count) noexcept {
    return _mm512_maskz_loadu_epi8(_bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(count)), at);
  }
  void store(void* at) const noexcept { _mm512_storeu_si512(at, bytes_); }

  Mask equal(char c) const noexcept { return _mm512_cmpeq_epi8_mask(bytes_, _mm512_set1_epi8(c)); }
  Mask equal(const Block& other) const noexcept { return _mm512_cmpeq_epi8_mask(bytes_, other.bytes_); }
  Mask below(unsigned char c) const noexcept {
    return _mm512_cmplt_epu8_mask(bytes_, _mm512_set1_epi8(static_cast<char>(c)));
  }
  Mask high() const noexcept { return _mm512_movepi8_mask(bytes_); }
  /// Below 0x20 or beyond ASCII: a blank is more than those as signed numbers.
  Mask control_or_high() const noexcept { return _mm512_cmplt_epi8_mask(bytes_, _mm512_set1_epi8(0x20)); }
  /// The lower half of a white space character tells which one it could be.
  Mask spaces() const noexcept {
    const __m512i expected = _mm512_set4_epi32(0x0D00, 0x0A0900, 0, 0x20);  // "\r", "\n\t", " "
    return _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(expected, bytes_), bytes_);
  }
  static unsigned first(Mask mask) noexcept { return static_cast<unsigned>(std::countr_zero(mask)); }
  /// One bit a byte.
  static std::uint64_t bits(Mask mask) noexcept { return mask; }

 private:
  Block(__m512i bytes) noexcept : bytes_(bytes) {}
  __m512i bytes_;
};

#elif STRUCTWIRE_SIMD_LEVEL == 32

class Block {
 public:
  static constexpr std::size_t size = 32;
  using Mask = std::uint32_t;
  static constexpr Mask all = ~Mask{0};

  static Block load(const void* at) noexcept { return _mm256_loadu_si256(static_cast<const __m256i_u*>(at)); }
  static Block load_part(const void* at, std::size_t count) noexcept {
    alignas(32) char part[32] = {};
    std::memcpy(part, at, count);
    return load(part);
  }
  void store(void* at) const noexcept { _mm256_storeu_si256(static_cast<__m256i_u*>(at), bytes_); }

  Mask equal(char c) const noexcept { return mask_of(_mm256_cmpeq_epi8(bytes_, _mm256_set1_epi8(c))); }
  Mask equal(const Block& other) const noexcept { return mask_of(_mm256_cmpeq_epi8(bytes_, other.bytes_)); }
  Mask below(unsigned char c) const noexcept {
    const __m256i most = _mm256_set1_epi8(static_cast<char>(c - 1));
    return mask_of(_mm256_cmpeq_epi8(_mm256_max_epu8(bytes_, most), most));
  }
  Mask high() const noexcept { return mask_of(bytes_); }
  Mask control_or_high() const noexcept { return mask_of(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), bytes_)); }
  Mask spaces() const noexcept {
    const __m256i expected = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0));
    return mask_of(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(expected, bytes_), bytes_));
  }
  static unsigned first(Mask mask) noexcept { return static_cast<unsigned>(std::countr_zero(mask)); }
  /// One bit a byte.
  static std::uint64_t bits(Mask mask) noexcept { return mask; }

 private:
  Block(__m256i bytes) noexcept : bytes_(bytes) {}
  static Mask mask_of(__m256i bytes) noexcept { return static_cast<Mask>(_mm256_movemask_epi8(bytes)); }
  __m256i bytes_;
};

#elif STRUCTWIRE_SIMD_LEVEL == 16

class Block {
 public:
  static constexpr std::size_t size = 16;
  using Mask = std::uint32_t;
  static constexpr Mask all = 0xFFFF;

  static Block load(const void* at) noexcept { return _mm_loadu_si128(static_cast<const __m128i_u*>(at)); }
  static Block load_part(const void* at, std::size_t count) noexcept {
    alignas(16) char part[16] = {};
    std::memcpy(part, at, count);
    return load(part);
  }
  void store(void* at) const noexcept { _mm_storeu_si128(static_cast<__m128i_u*>(at), bytes_); }

  Mask equal(char c) const noexcept { return mask_of(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c))); }
  Mask equal(const Block& other) const noexcept { return mask_of(_mm_cmpeq_epi8(bytes_, other.bytes_)); }
  Mask below(unsigned char c) const noexcept {
    const __m128i most = _mm_set1_epi8(static_cast<char>(c - 1));
    return mask_of(_mm_cmpeq_epi8(_mm_max_epu8(bytes_, most), most));
  }
  Mask high() const noexcept { return mask_of(bytes_); }
  Mask control_or_high() const noexcept { return mask_of(_mm_cmpgt_epi8(_mm_set1_epi8(0x20), bytes_)); }
  Mask spaces() const noexcept { return equal(' ') | equal('\n') | equal('\r') | equal('\t'); }
  static unsigned first(Mask mask) noexcept { return static_cast<unsigned>(std::countr_zero(mask)); }
  /// One bit a byte.
  static std::uint64_t bits(Mask mask) noexcept { return mask; }

 private:
  Block(__m128i bytes) noexcept : bytes_(bytes) {}
  static Mask mask_of(__m128i bytes) noexcept { return static_cast<Mask>(_mm_movemask_epi8(bytes)); }
  __m128i bytes_;
};

#elif STRUCTWIRE_SIMD_LEVEL == 17

class Block {
 public:
  static constexpr std::size_t size = 16;
  using Mask = std::uint64_t;  // Four bits a byte.
  static constexpr Mask all = ~Mask{0};

  static Block load(const void* at) noexcept { return vld1q_u8(static_cast<const std::uint8_t*>(at)); }
  static Block load_part(const void* at, std::size_t count) noexcept {
    alignas(16) char part[16] = {};
    std::memcpy(part, at, count);
    return load(part);
  }
  void store(void* at) const noexcept { vst1q_u8(static_cast<std::uint8_t*>(at), bytes_); }

  Mask equal(char c) const noexcept { return mask_of(vceqq_u8(bytes_, vdupq_n_u8(static_cast<std::uint8_t>(c)))); }
  Mask equal(const Block& other) const noexcept { return mask_of(vceqq_u8(bytes_, other.bytes_)); }
  Mask below(unsigned char c) const noexcept { return mask_of(vcltq_u8(bytes_, vdupq_n_u8(c))); }
  Mask high() const noexcept { return mask_of(vcgeq_u8(bytes_, vdupq_n_u8(0x80))); }
  Mask control_or_high() const noexcept {
    return mask_of(vcltq_s8(vreinterpretq_s8_u8(bytes_), vdupq_n_s8(0x20)));
  }
  Mask spaces() const noexcept { return equal(' ') | equal('\n') | equal('\r') | equal('\t'); }
  static unsigned first(Mask mask) noexcept { return static_cast<unsigned>(std::countr_zero(mask)) / 4; }
  /// One bit a byte.
  static std::uint64_t bits(Mask mask) noexcept {
    mask &= 0x1111111111111111u;
    mask = (mask | mask >> 3) & 0x0303030303030303u;
    mask = (mask | mask >> 6) & 0x000F000F000F000Fu;
    mask = (mask | mask >> 12) & 0x000000FF000000FFu;
    return (mask | mask >> 24) & 0xFFFFu;
  }

 private:
  Block(uint8x16_t bytes) noexcept : bytes_(bytes) {}
  static Mask mask_of(uint8x16_t bytes) noexcept {
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(bytes), 4)), 0);
  }
  uint8x16_t bytes_;
};

#else

// Without carries from byte to byte (Warren, Hacker's Delight, section 6-1).
class Block {
 public:
  static constexpr std::size_t size = 8;
  using Mask = std::uint64_t;  // The highest bit of each byte.
  static constexpr Mask all = 0x8080808080808080u;

  static Block load(const void* at) noexcept { return load_part(at, size); }
  static Block load_part(const void* at, std::size_t count) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, count);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    return word;
  }
  void store(void* at) const noexcept {
    std::uint64_t word = bytes_;
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    std::memcpy(at, &word, size);
  }

  Mask equal(char c) const noexcept {
    return equal(Block(ones * static_cast<unsigned char>(c)));
  }
  Mask equal(const Block& other) const noexcept {
    const std::uint64_t difference = bytes_ ^ other.bytes_;
    return ~(((difference & ~highs) + ~highs) | difference) & highs;
  }
  /// c <= 0x80.
  Mask below(unsigned char c) const noexcept {
    return ~(((bytes_ & ~highs) + ones * (0x80u - c)) | bytes_) & highs;
  }
  Mask high() const noexcept { return bytes_ & highs; }
  Mask control_or_high() const noexcept { return below(0x20) | high(); }
  Mask spaces() const noexcept { return equal(' ') | equal('\n') | equal('\r') | equal('\t'); }
  static unsigned first(Mask mask) noexcept { return static_cast<unsigned>(std::countr_zero(mask)) / 8; }
  /// One bit a byte: the multiplication moves each to its place in the highest byte.
  static std::uint64_t bits(Mask mask) noexcept { return ((mask & highs) >> 7) * 0x0102040810204080u >> 56; }

 private:
  static constexpr std::uint64_t ones = 0x0101010101010101u;
  static constexpr std::uint64_t highs = 0x8080808080808080u;
  Block(std::uint64_t bytes) noexcept : bytes_(bytes) {}
  std::uint64_t bytes_;
};

#endif

inline const std::uint8_t* space_end_by_blocks(const std::uint8_t* at, const std::uint8_t* end) noexcept {
  while (static_cast<std::size_t>(end - at) >= Block::size) {
    const Block::Mask others = Block::load(at).spaces() ^ Block::all;
    if (others != 0) return at + Block::first(others);
    at += Block::size;
  }
  while (at != end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
  return at;
}

/// The first byte at or behind `at` that is no white space; `end` where there is none. None and one blank, which is
/// what mostly stands, are not worth a vector.
STRUCTWIRE_ALWAYS_INLINE const std::uint8_t* space_end(const std::uint8_t* at, const std::uint8_t* end) noexcept {
  if (at == end || *at > ' ') return at;
  if (end - at > 1 && *at == ' ' && at[1] > ' ') return at + 1;
  return space_end_by_blocks(at, end);
}

/// Of a mask that has a hit, only what lies in front of it.
template <class Mask>
constexpr Mask in_front_of_first(Mask mask) noexcept {
  return static_cast<Mask>(mask ^ (mask - 1)) >> 1;
}

}  // namespace STRUCTWIRE_SIMD_SPACE
}  // namespace structwire
