// SPDX-License-Identifier: Apache-2.0

// The loops for x86-64 with AVX2, whatever the flags of the build.

#if defined(__x86_64__)

// Their inline functions are other objects' too: they stay as the flags say.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <immintrin.h>

#include <structwire/core/text_kernel_list.hpp>

#define STRUCTWIRE_SIMD_LEVEL 32
#define STRUCTWIRE_SIMD_SPACE kernel_avx2

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt")
#endif

#include <structwire/core/text_kernel_loops.hpp>
#include <structwire/core/text_kernel_quote.hpp>
#include <structwire/core/text_kernel_utf8.hpp>

namespace structwire {
inline namespace kernel_avx2 {
namespace {

struct Lanes {
  using Vector = __m256i;
  static constexpr std::size_t size = 32;

  static Vector load(const char* at) noexcept { return _mm256_loadu_si256(reinterpret_cast<const __m256i_u*>(at)); }
  static Vector load_part(const char* at, std::size_t count) noexcept {
    alignas(32) char part[32] = {};
    std::memcpy(part, at, count);
    return load(part);
  }
  static Vector zero() noexcept { return _mm256_setzero_si256(); }
  static Vector all(std::uint8_t byte) noexcept { return _mm256_set1_epi8(static_cast<char>(byte)); }
  static Vector table(const std::uint8_t* bytes) noexcept {
    return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(bytes)));
  }
  static Vector look_up(Vector in, Vector indexes) noexcept { return _mm256_shuffle_epi8(in, indexes); }
  static Vector lower_half(Vector bytes) noexcept { return _mm256_and_si256(bytes, all(0x0F)); }
  static Vector upper_half(Vector bytes) noexcept { return lower_half(_mm256_srli_epi16(bytes, 4)); }
  static Vector both(Vector a, Vector b) noexcept { return _mm256_and_si256(a, b); }
  static Vector join(Vector a, Vector b) noexcept { return _mm256_or_si256(a, b); }
  static Vector differ(Vector a, Vector b) noexcept { return _mm256_xor_si256(a, b); }
  /// By how much each byte is above `least`, at most 255; 0 where it is not.
  static Vector above(Vector bytes, std::uint8_t least) noexcept { return _mm256_subs_epu8(bytes, all(least)); }
  /// The bytes that stand Count places in front of those of `now`.
  template <int Count>
  static Vector shifted(Vector before, Vector now) noexcept {
    return _mm256_alignr_epi8(now, _mm256_permute2x128_si256(before, now, 0x21), 16 - Count);
  }
  static bool any(Vector bytes) noexcept { return _mm256_testz_si256(bytes, bytes) == 0; }
  static bool any_high(Vector bytes) noexcept { return _mm256_movemask_epi8(bytes) != 0; }
};

bool is_utf8(const char* at, std::size_t size) noexcept { return is_utf8_by_lanes<Lanes>(at, size); }
char* quote(const char* at, std::size_t size, char* out) noexcept {
  return quote_by_blocks<CheckByLanes<Lanes>>(at, size, out);
}

}  // namespace
}  // namespace kernel_avx2
}  // namespace structwire

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace structwire::text_kernels {

constinit const Kernels avx2 = {Processor::avx2, kernel_avx2::plain_run, kernel_avx2::quote,
                                kernel_avx2::is_utf8};

}  // namespace structwire::text_kernels

#endif
