// SPDX-License-Identifier: Apache-2.0
#pragma once

// Eight decimal digits at a time, in one 64-bit word whose lowest byte is the first digit.

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) && !defined(STRUCTWIRE_PORTABLE)
#include <emmintrin.h>
#endif

namespace structwire::digits {

/// The digits of `value` < 10^8 as bytes 0 to 9, with leading zeros.
constexpr std::uint64_t spread(std::uint64_t value) noexcept {
  // Halves, then quarters, then digits; 10486 / 2^20 and 103 / 2^10 divide by 100 and 10 exactly in their ranges.
  const std::uint64_t halves = value / 10000 | (value % 10000) << 32;
  const std::uint64_t hundreds = (halves * 10486 >> 20) & 0x0000007F0000007Fu;
  const std::uint64_t pairs = hundreds | (halves - 100 * hundreds) << 16;
  const std::uint64_t tens = (pairs * 103 >> 10) & 0x000F000F000F000Fu;
  return tens | (pairs - 10 * tens) << 8;
}

inline constexpr std::uint64_t ascii_zeros = 0x3030303030303030u;

/// How many of the eight bytes, from the first one on, are '0' to '9'.
constexpr int leading_digits(std::uint64_t text) noexcept {
  // '0' to '9' become 0 to 9, which 0x76 leaves below 0x80. What carries over from a byte beyond them spoils only
  // bytes behind it.
  const std::uint64_t values = text ^ ascii_zeros;
  const std::uint64_t others = (values | (values + 0x7676767676767676u)) & 0x8080808080808080u;
  return std::countr_zero(others) / 8;
}

/// What eight digits spell, in the low half of each byte: pairs, then fours, then all (the multiplications add
/// neighbours). Zero bytes count as zeros.
constexpr std::uint64_t join(std::uint64_t text) noexcept {
  text &= 0x0F0F0F0F0F0F0F0Fu;
  text = text * 10 + (text >> 8);
  constexpr std::uint64_t mask = 0x000000FF000000FFu;
  constexpr std::uint64_t high = 100 + (std::uint64_t{1000000} << 32);
  constexpr std::uint64_t low = 1 + (std::uint64_t{10000} << 32);
  return static_cast<std::uint32_t>(((text & mask) * high + ((text >> 16) & mask) * low) >> 32);
}

constexpr std::uint64_t first_byte_lowest(std::uint64_t word) noexcept {
  if constexpr (std::endian::native == std::endian::big) {
    return __builtin_bswap64(word);
  } else {
    return word;
  }
}
inline std::uint64_t load(const char* at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return first_byte_lowest(word);
}
inline void store(char* at, std::uint64_t word) noexcept {
  word = first_byte_lowest(word);
  std::memcpy(at, &word, sizeof word);
}

/// Sixteen digits, ready to be written.
class Sixteen {
 public:
  /// Eight digits each, `high` in front.
  Sixteen(std::uint64_t high, std::uint64_t low) noexcept;

  /// Up to the last digit that is not 0.
  int significant() const noexcept;
  void put(char* out) const noexcept;
  /// Leaves the first `count` < 16 out: what follows them comes first; zero bytes fill up.
  void put_behind(int count, char* out) const noexcept;

 private:
  __extension__ using uint128 = unsigned __int128;

#if defined(__SSE2__) && !defined(STRUCTWIRE_PORTABLE)
  __m128i digits_;
#else
  std::uint64_t high_;
  std::uint64_t low_;
#endif
};

#if defined(__SSE2__) && !defined(STRUCTWIRE_PORTABLE)

// Both halves at once: 8 digits in each 64-bit lane, then 4 in each of 32 bits, 2 in each of 16, 1 in each byte.
inline Sixteen::Sixteen(std::uint64_t high, std::uint64_t low) noexcept {
  const __m128i eights = _mm_set_epi64x(static_cast<long long>(low), static_cast<long long>(high));
  // 109951163 / 2^40 divides by 10^4, 5243 / 2^19 by 100, 6554 / 2^16 by 10, exactly in their ranges.
  const __m128i tops = _mm_srli_epi64(_mm_mul_epu32(eights, _mm_set1_epi64x(109951163)), 40);
  const __m128i rests = _mm_sub_epi64(eights, _mm_mul_epu32(tops, _mm_set1_epi64x(10000)));
  const __m128i fours = _mm_or_si128(tops, _mm_slli_epi64(rests, 32));
  const __m128i hundreds = _mm_srli_epi32(_mm_mulhi_epu16(fours, _mm_set1_epi32(5243)), 3);
  const __m128i pairs = _mm_or_si128(
      hundreds, _mm_slli_epi32(_mm_sub_epi32(fours, _mm_mullo_epi16(hundreds, _mm_set1_epi32(100))), 16));
  const __m128i tens = _mm_mulhi_epu16(pairs, _mm_set1_epi16(6554));
  const __m128i ones = _mm_sub_epi16(pairs, _mm_mullo_epi16(tens, _mm_set1_epi16(10)));
  digits_ = _mm_or_si128(tens, _mm_slli_epi16(ones, 8));
}

inline int Sixteen::significant() const noexcept {
  const auto nonzero = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpgt_epi8(digits_, _mm_setzero_si128())));
  return 32 - std::countl_zero(nonzero);
}

inline void Sixteen::put(char* out) const noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i_u*>(out), _mm_or_si128(digits_, _mm_set1_epi8('0')));
}

inline void Sixteen::put_behind(int count, char* out) const noexcept {
  const __m128i text = _mm_or_si128(digits_, _mm_set1_epi8('0'));
  const uint128 left = std::bit_cast<uint128>(text) >> 8 * count;
  std::memcpy(out, &left, sizeof left);
}

#else

inline Sixteen::Sixteen(std::uint64_t high, std::uint64_t low) noexcept : high_(spread(high)), low_(spread(low)) {}

inline int Sixteen::significant() const noexcept {
  return low_ != 0 ? 16 - std::countl_zero(low_) / 8 : 8 - std::countl_zero(high_) / 8;
}

inline void Sixteen::put(char* out) const noexcept { put_behind(0, out); }

inline void Sixteen::put_behind(int count, char* out) const noexcept {
  const uint128 text = static_cast<uint128>(low_ | ascii_zeros) << 64 | (high_ | ascii_zeros);
  const uint128 left = text >> 8 * count;
  store(out, static_cast<std::uint64_t>(left));
  store(out + 8, static_cast<std::uint64_t>(left >> 64));
}

#endif

}  // namespace structwire::digits
