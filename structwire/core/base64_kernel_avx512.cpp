// SPDX-License-Identifier: Apache-2.0

// Base64 for x86-64 with AVX-512 VBMI (Ice Lake, Zen 4 and later), whatever the flags of the build: its look-ups reach
// all 64 characters of the alphabet at once.

#if defined(__x86_64__)

// Their inline functions are other objects' too: they stay as the flags say.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include <immintrin.h>

#include <structwire/core/base64_kernels.hpp>
#include <structwire/core/processor.hpp>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vbmi"))), apply_to = function)
#else
// GCC 12 takes what its own intrinsics leave undefined on purpose for a mistake (its bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vbmi")
#endif

namespace structwire::base64 {
namespace {

struct Places {
  alignas(64) std::uint8_t of[64];
};

// Of each three bytes the second, first, third and second: every six bits stand together.
constexpr Places spread_places = [] {
  Places places{};
  for (std::size_t i = 0; i < 16; ++i) {
    const std::size_t from[] = {1, 0, 2, 1};
    for (std::size_t j = 0; j < 4; ++j) places.of[4 * i + j] = static_cast<std::uint8_t>(3 * i + from[j]);
  }
  return places;
}();

// Of each 32-bit lane the lower three bytes, the highest first.
constexpr Places joined_places = [] {
  Places places{};
  for (std::size_t i = 0; i < 16; ++i) {
    for (std::size_t j = 0; j < 3; ++j) places.of[3 * i + j] = static_cast<std::uint8_t>(4 * i + 2 - j);
  }
  return places;
}();

std::size_t encode_avx512(const std::byte* at, std::size_t size, char* out) noexcept {
  const __m512i characters = _mm512_loadu_si512(alphabet);
  const __m512i spread = _mm512_load_si512(spread_places.of);
  // Where the six bits begin in each half of a lane of 64 bits; the two bits above them are not looked at.
  const __m512i shifts = _mm512_set1_epi64(0x3036242A1016040A);
  constexpr __mmask64 block = (__mmask64{1} << 48) - 1;
  std::size_t done = 0;
  for (; size - done >= 48; done += 48, out += 64) {
    const __m512i bytes = _mm512_permutexvar_epi8(spread, _mm512_maskz_loadu_epi8(block, at + done));
    _mm512_storeu_si512(out, _mm512_permutexvar_epi8(_mm512_multishift_epi64_epi8(shifts, bytes), characters));
  }
  return done;
}

std::size_t decode_avx512(const char* at, std::size_t size, std::byte* out) noexcept {
  const __m512i low_values = _mm512_load_si512(values.of);
  const __m512i high_values = _mm512_load_si512(values.of + 64);
  const __m512i joined = _mm512_load_si512(joined_places.of);
  constexpr __mmask64 block = (__mmask64{1} << 48) - 1;
  std::size_t done = 0;
  for (; size - done >= 68; done += 64, out += 48) {
    const __m512i text = _mm512_loadu_si512(at + done);
    const __m512i sixes = _mm512_permutex2var_epi8(low_values, text, high_values);
    if (_mm512_movepi8_mask(_mm512_or_si512(sixes, text)) != 0) break;
    // Two of six bits become one of twelve, two of these one of 24.
    const __m512i twelves = _mm512_maddubs_epi16(sixes, _mm512_set1_epi32(0x01400140));
    const __m512i whole = _mm512_madd_epi16(twelves, _mm512_set1_epi32(0x00011000));
    _mm512_mask_storeu_epi8(out, block, _mm512_permutexvar_epi8(joined, whole));
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
namespace {

bool runs_here() noexcept {
  return structwire::runs_here(Processor::avx512) && __builtin_cpu_supports("avx512vbmi") != 0;
}

}  // namespace

constinit const Kernels avx512 = {"avx512", runs_here, encode_avx512, decode_avx512};

}  // namespace structwire::base64

#endif
