// SPDX-License-Identifier: Apache-2.0
#pragma once

// Eight decimal digits at a time, in one 64-bit word whose lowest byte is the first digit.

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) && !defined(STRUCTWIRE_PORTABLE)
#include <immintrin.h>
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
#if defined(__AVX512IFMA__) && defined(__AVX512VBMI__) && !defined(STRUCTWIRE_PORTABLE)
#define STRUCTWIRE_DIGITS_BY_FRACTIONS

/// A digit in each of eight 64-bit lanes: the fraction of value / 10^8, / 10^7, …, / 10 in 52 bits, times ten. (Fixed
/// points with AVX-512 IFMA are D. Lemire's idea, "Converting integers to decimal strings faster with AVX-512", 2022.)
/// The reciprocals are rounded up, which is within what 10^7 and less forgive; that of 10^8 is rounded down, and a
/// constant lifts it between the digits.
struct Fractions {
  alignas(64) std::uint64_t reciprocals[8];
  alignas(64) std::uint64_t lift[8];
  alignas(64) std::uint64_t tens[8];
  alignas(64) char zeros[16];
};
inline constexpr Fractions fraction_constants = {
    {45035996, 450359963, 4503599628, 45035996274, 450359962738, 4503599627371, 45035996273705, 450359962737050},
    {30'000'000},
    {10, 10, 10, 10, 10, 10, 10, 10},
    {'0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0'}};

/// Hidden from the compiler: what it knows to be all the same it makes of a general register, for each number, in the
/// port that is the busiest here.
inline const Fractions& fractions() noexcept {
  const Fractions* constants = &fraction_constants;
  asm("" : "+r"(constants));
  return *constants;
}

inline __m512i eight_lanes(std::uint64_t value, const Fractions& constants = fractions()) noexcept {
  const __m512i fraction =
      _mm512_madd52lo_epu64(_mm512_load_si512(constants.lift), _mm512_set1_epi64(static_cast<long long>(value)),
                            _mm512_load_si512(constants.reciprocals));
  return _mm512_madd52hi_epu64(_mm512_setzero_si512(), fraction, _mm512_load_si512(constants.tens));
}

/// spread(value), as fast as the flags of the program allow.
inline std::uint64_t eight(std::uint64_t value) noexcept {
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm512_cvtepi64_epi8(eight_lanes(value))));
}
/// Stores the digits of `value` < 10^8, with leading zeros, as characters.
inline void put_eight(char* out, std::uint64_t value) noexcept {
  const Fractions& constants = fractions();
  const __m128i digits = _mm512_cvtepi64_epi8(eight_lanes(value, constants));
  const __m128i zeros = _mm_load_si128(reinterpret_cast<const __m128i*>(constants.zeros));
  _mm_storel_epi64(reinterpret_cast<__m128i_u*>(out), _mm_or_si128(digits, zeros));
}

#else

inline std::uint64_t eight(std::uint64_t value) noexcept { return spread(value); }
inline void put_eight(char* out, std::uint64_t value) noexcept { store(out, spread(value) | ascii_zeros); }

#endif

/// Sixteen digits, ready to be written.
class Sixteen {
 public:
  /// Eight digits each, `high` in front.
  Sixteen(std::uint64_t high, std::uint64_t low) noexcept;

  /// A bit for each digit that is not 0.
  unsigned nonzero() const noexcept;
  /// Leaves the first `count` <= 17 out: what follows them comes first; '0' fills up.
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

#if defined(STRUCTWIRE_DIGITS_BY_FRACTIONS)

inline Sixteen::Sixteen(std::uint64_t high, std::uint64_t low) noexcept {
  // The lowest byte of each lane, of both.
  const __m512i lowest = _mm512_castsi128_si512(
      _mm_setr_epi8(0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120));
  // Two numbers have their constants in common, however these are made.
  digits_ = _mm512_castsi512_si128(_mm512_permutex2var_epi8(eight_lanes(high, fraction_constants), lowest,
                                                            eight_lanes(low, fraction_constants)));
}

#else

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

#endif

inline unsigned Sixteen::nonzero() const noexcept {
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpgt_epi8(digits_, _mm_setzero_si128())));
}

inline void Sixteen::put_behind(int count, char* out) const noexcept {
#if defined(__SSSE3__)
  // Places from the 16th on have their high bit set: zeros.
  const __m128i places = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m128i left = _mm_shuffle_epi8(digits_, _mm_add_epi8(places, _mm_set1_epi8(static_cast<char>(0x70 + count))));
#else
  // 128 bits cannot be shifted out at once.
  const __m128i left = std::bit_cast<__m128i>(count < 16 ? std::bit_cast<uint128>(digits_) >> 8 * count : uint128{0});
#endif
  _mm_storeu_si128(reinterpret_cast<__m128i_u*>(out), _mm_or_si128(left, _mm_set1_epi8('0')));
}

#else

inline Sixteen::Sixteen(std::uint64_t high, std::uint64_t low) noexcept : high_(spread(high)), low_(spread(low)) {}

inline unsigned Sixteen::nonzero() const noexcept {
  // 0 to 9 become 0x7F to 0x88; the multiplication moves the high bits to the highest byte.
  const auto bits = [](std::uint64_t digits) {
    const std::uint64_t highs = (digits + 0x7F7F7F7F7F7F7F7Fu) & 0x8080808080808080u;
    return static_cast<unsigned>((highs >> 7) * 0x0102040810204080u >> 56);
  };
  return bits(high_) | bits(low_) << 8;
}

inline void Sixteen::put_behind(int count, char* out) const noexcept {
  const uint128 digits = static_cast<uint128>(low_) << 64 | high_;
  const uint128 left = count < 16 ? digits >> 8 * count : uint128{0};
  store(out, static_cast<std::uint64_t>(left) | ascii_zeros);
  store(out + 8, static_cast<std::uint64_t>(left >> 64) | ascii_zeros);
}

#endif

}  // namespace structwire::digits
