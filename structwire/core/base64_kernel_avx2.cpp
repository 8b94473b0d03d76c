// SPDX-License-Identifier: Apache-2.0

// Base64 for x86-64 with AVX2, whatever the flags of the build.

#if defined(__x86_64__)

// Their inline functions are other objects' too: they stay as the flags say.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include <immintrin.h>

#include <structwire/core/base64_kernels.hpp>
#include <structwire/core/processor.hpp>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

namespace structwire::base64 {
namespace {

// The same sixteen bytes for both halves of a vector.
struct Halves {
  alignas(32) std::int8_t of[32];
};
template <class Make>
constexpr Halves halves(Make make) {
  Halves made{};
  for (int i = 0; i < 32; ++i) made.of[i] = static_cast<std::int8_t>(make(i % 16));
  return made;
}

// Of each three bytes the second, first, third and second: every six bits stand together.
constexpr Halves spread_places = halves([](int i) {
  constexpr int from[] = {1, 0, 2, 1};
  return i / 4 * 3 + from[i % 4];
});

// Of each 32-bit lane the lower three bytes, the highest first; then nothing.
constexpr Halves joined_places = halves([](int i) { return i < 12 ? i / 3 * 4 + 2 - i % 3 : -1; });

// What makes a character of a value, by the ranges of the alphabet: a to z, ten digits, plus, slash, A to Z.
constexpr Halves to_character = halves([](int range) {
  if (range == 0) return 'a' - 26;
  if (range <= 10) return '0' - 52;
  if (range == 11) return '+' - 62;
  if (range == 12) return '/' - 63;
  return range == 13 ? 'A' - 0 : 0;
});

// What makes a value of a character, by the character's upper half; the slash, which shares it with the plus, has the
// place in front.
constexpr Halves to_value = halves([](int upper) {
  switch (upper) {
    case 1: return 63 - '/';
    case 2: return 62 - '+';
    case 3: return 52 - '0';
    case 4:
    case 5: return 0 - 'A';
    case 6:
    case 7: return 26 - 'a';
    default: return 0;
  }
});

// Upper halves with the same lower halves in the alphabet share a bit; the table of lower halves has it where the
// character is not in the alphabet.
constexpr int group_of(int upper) {
  switch (upper) {
    case 2: return 1;
    case 3: return 2;
    case 4:
    case 6: return 4;
    case 5:
    case 7: return 8;
    default: return 16;
  }
}
constexpr Halves group_by_upper = halves(group_of);
constexpr Halves groups_without_lower = halves([](int lower) {
  int groups = 0;
  for (int upper = 0; upper < 16; ++upper) {
    if (values.of[16 * upper + lower] == no_value) groups |= group_of(upper);
  }
  return groups;
});

__m256i load(const Halves& table) noexcept { return _mm256_load_si256(reinterpret_cast<const __m256i*>(table.of)); }

std::size_t encode_avx2(const std::byte* at, std::size_t size, char* out) noexcept {
  std::size_t done = 0;
  // 28 bytes are read, of which the last four are not looked at.
  for (; size - done >= 28; done += 24, out += 32) {
    const __m256i two = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i_u*>(at + done))),
        _mm_loadu_si128(reinterpret_cast<const __m128i_u*>(at + done + 12)), 1);
    const __m256i bytes = _mm256_shuffle_epi8(two, load(spread_places));
    // The first and third six bits of each lane move right, the second and fourth left: multiplications that shift.
    const __m256i odd = _mm256_mulhi_epu16(_mm256_and_si256(bytes, _mm256_set1_epi32(0x0FC0FC00)),
                                           _mm256_set1_epi32(0x04000040));
    const __m256i even = _mm256_mullo_epi16(_mm256_and_si256(bytes, _mm256_set1_epi32(0x003F03F0)),
                                            _mm256_set1_epi32(0x01000010));
    const __m256i sixes = _mm256_or_si256(odd, even);
    // Ranges 1 to 12 are the values from 52 on; below 26 it is 13.
    const __m256i from_52 = _mm256_subs_epu8(sixes, _mm256_set1_epi8(51));
    const __m256i below_26 = _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(26), sixes), _mm256_set1_epi8(13));
    const __m256i range = _mm256_or_si256(from_52, below_26);
    _mm256_storeu_si256(reinterpret_cast<__m256i_u*>(out),
                        _mm256_add_epi8(sixes, _mm256_shuffle_epi8(load(to_character), range)));
  }
  return done;
}

std::size_t decode_avx2(const char* at, std::size_t size, std::byte* out) noexcept {
  const __m256i low = _mm256_set1_epi8(0x0F);
  std::size_t done = 0;
  for (; size - done >= 36; done += 32, out += 24) {
    const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i_u*>(at + done));
    const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(text, 4), low);
    const __m256i lower = _mm256_and_si256(text, low);
    if (_mm256_testz_si256(_mm256_shuffle_epi8(load(group_by_upper), upper),
                           _mm256_shuffle_epi8(load(groups_without_lower), lower)) == 0) {
      break;
    }
    const __m256i slash = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('/'));
    const __m256i sixes =
        _mm256_add_epi8(text, _mm256_shuffle_epi8(load(to_value), _mm256_add_epi8(upper, slash)));
    // Two of six bits become one of twelve, two of these one of 24.
    const __m256i twelves = _mm256_maddubs_epi16(sixes, _mm256_set1_epi32(0x01400140));
    const __m256i whole = _mm256_madd_epi16(twelves, _mm256_set1_epi32(0x00011000));
    const __m256i parts = _mm256_shuffle_epi8(whole, load(joined_places));
    const __m256i together = _mm256_permutevar8x32_epi32(parts, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
    _mm_storeu_si128(reinterpret_cast<__m128i_u*>(out), _mm256_castsi256_si128(together));
    _mm_storel_epi64(reinterpret_cast<__m128i_u*>(out + 16), _mm256_extracti128_si256(together, 1));
  }
  return done;
}

}  // namespace
}  // namespace structwire::base64

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace structwire::base64 {

constinit const Kernels avx2 = {"avx2", [] () noexcept { return runs_here(Processor::avx2); }, encode_avx2, decode_avx2};

}  // namespace structwire::base64

#endif
