// SPDX-License-Identifier: Apache-2.0

// The loops for x86-64 with AVX-512 (BW and VL: Skylake-X, Zen 4 and later), whatever the flags of the build.

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

#define STRUCTWIRE_SIMD_LEVEL 64
#define STRUCTWIRE_SIMD_SPACE kernel_avx512

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,bmi,bmi2,lzcnt"))), apply_to = function)
#else
// GCC 12 takes what its own intrinsics leave undefined on purpose for a mistake (its bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,bmi,bmi2,lzcnt")
#endif

#include <structwire/core/text_kernel_loops.hpp>
#include <structwire/core/text_kernel_quote.hpp>
#include <structwire/core/text_kernel_utf8.hpp>

namespace structwire {
inline namespace kernel_avx512 {
namespace {

struct Lanes {
  using Vector = __m512i;

  static Vector zero() noexcept { return _mm512_setzero_si512(); }
  static Vector all(std::uint8_t byte) noexcept { return _mm512_set1_epi8(static_cast<char>(byte)); }
  static Vector table(const std::uint8_t* bytes) noexcept {
    return _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(bytes)));
  }
  static Vector look_up(Vector in, Vector indexes) noexcept { return _mm512_shuffle_epi8(in, indexes); }
  static Vector lower_half(Vector bytes) noexcept { return _mm512_and_si512(bytes, all(0x0F)); }
  static Vector upper_half(Vector bytes) noexcept { return lower_half(_mm512_srli_epi16(bytes, 4)); }
  static Vector both(Vector a, Vector b) noexcept { return _mm512_and_si512(a, b); }
  static Vector join(Vector a, Vector b) noexcept { return _mm512_or_si512(a, b); }
  static Vector differ(Vector a, Vector b) noexcept { return _mm512_xor_si512(a, b); }
  /// By how much each byte is above `least`, at most 255; 0 where it is not.
  static Vector above(Vector bytes, std::uint8_t least) noexcept { return _mm512_subs_epu8(bytes, all(least)); }
  static bool any(Vector bytes) noexcept { return _mm512_test_epi8_mask(bytes, bytes) != 0; }
};

// The bytes that stand Count places in front of those at `at` that are in `there`, loaded again: that is fewer
// instructions than shifting them. Bytes that a mask leaves out are not touched: none in front of the text.
template <bool First, int Count>
STRUCTWIRE_ALWAYS_INLINE __m512i in_front(const char* at, __mmask64 there) noexcept {
  constexpr __mmask64 before = First ? 0 : (1 << Count) - 1;
  return _mm512_maskz_loadu_epi8(there << Count | before, at - Count);
}

STRUCTWIRE_ALWAYS_INLINE __mmask64 front_part(std::size_t size) noexcept {
  return _bzhi_u64(~std::uint64_t{0}, static_cast<unsigned>(size));
}

// Looks at the bytes at `at` that are in `there`. Returns which ones are beyond ASCII.
template <bool First>
STRUCTWIRE_ALWAYS_INLINE __mmask64 look_at(Utf8Faults<Lanes>& faults, const char* at, __mmask64 there,
                                           __mmask64 high_before) noexcept {
  const __m512i now = _mm512_maskz_loadu_epi8(there, at);
  const __mmask64 high = _mm512_movepi8_mask(now);
  if ((high | high_before) != 0) {
    faults.look_at(now, in_front<First, 1>(at, there), in_front<First, 2>(at, there), in_front<First, 3>(at, there));
  }
  return high;
}

bool is_utf8(const char* at, std::size_t size) noexcept {
  Utf8Faults<Lanes> faults;
  if (size < 64) {
    look_at<true>(faults, at, front_part(size), 0);
    return !faults.any();
  }
  __mmask64 high = look_at<true>(faults, at, ~__mmask64{0}, 0);
  // Zeros behind the text show what is incomplete, if they are a block of their own.
  while (true) {
    at += 64;
    size -= 64;
    if (size < 64) break;
    high = look_at<false>(faults, at, ~__mmask64{0}, high);
  }
  look_at<false>(faults, at, front_part(size), high);
  return !faults.any();
}

/// As quote_by_blocks, with masks: no byte is compared twice, a part of a block is loaded like a whole one, and what
/// stands in front of a byte is loaded again, not shifted. That is a third fewer instructions a block.
class Quoting {
 public:
  // Written out, because GCC compiles an implicit one for the processor of the build.
  explicit Quoting(__mmask64 high_before) noexcept : high_before_(high_before) {}

  bool is_utf8() const noexcept { return !faults_.any(); }

  /// Copies the bytes at `at` that are in `there`, which is a whole block or its front part. Returns what needs escapes.
  template <bool First>
  STRUCTWIRE_ALWAYS_INLINE __mmask64 copy(const char* at, __mmask64 there, char* out) noexcept {
    const __m512i now = _mm512_maskz_loadu_epi8(there, at);
    _mm512_storeu_si512(out, now);
    high_before_ = look_at<First>(faults_, at, there, high_before_);
    __mmask64 plain = _mm512_mask_cmpge_epu8_mask(there, now, _mm512_set1_epi8(0x20));
    plain = _mm512_mask_cmpneq_epi8_mask(plain, now, _mm512_set1_epi8('"'));
    plain = _mm512_mask_cmpneq_epi8_mask(plain, now, _mm512_set1_epi8('\\'));
    return there ^ plain;
  }

 private:
  Utf8Faults<Lanes> faults_;
  __mmask64 high_before_;
};

template <bool First>
STRUCTWIRE_ALWAYS_INLINE char* quote_end(Quoting& quoting, const char* at, std::size_t size, char* out) noexcept {
  const __mmask64 there = front_part(size);
  const __mmask64 stops = quoting.copy<First>(at, there, out);
  out = stops == 0 ? out + size : escape_block(at, size, size, stops, out);
  *out++ = '"';
  return quoting.is_utf8() ? out : nullptr;
}

template <bool First>
STRUCTWIRE_ALWAYS_INLINE char* quote_on(const char* at, std::size_t size, char* out, __mmask64 high_before) noexcept {
  constexpr __mmask64 every = ~__mmask64{0};
  Quoting quoting(high_before);
  if (size < 64) return quote_end<First>(quoting, at, size, out);
  __mmask64 stops = quoting.copy<First>(at, every, out);
  while (true) {
    out = stops == 0 ? out + 64 : escape_block(at, 64, size, stops, out);
    at += 64;
    size -= 64;
    if (size < 64) return quote_end<false>(quoting, at, size, out);
    stops = quoting.copy<false>(at, every, out);
  }
}

char* quote(const char* at, std::size_t size, char* out) noexcept {
  *out = '"';
  return quote_on<true>(at, size, out + 1, 0);
}
char* quote_rest(const char* at, std::size_t size, char* out) noexcept {
  return quote_on<false>(at, size, out, ~__mmask64{0});
}

}  // namespace
}  // namespace kernel_avx512
}  // namespace structwire

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace structwire::text_kernels {

Run plain_run_avx512(const char* at, const char* end) noexcept { return kernel_avx512::plain_run(at, end); }
bool is_utf8_avx512(const char* at, std::size_t size) noexcept { return kernel_avx512::is_utf8(at, size); }
char* quote_avx512(const char* at, std::size_t size, char* out) noexcept { return kernel_avx512::quote(at, size, out); }
char* quote_rest_avx512(const char* at, std::size_t size, char* out) noexcept {
  return kernel_avx512::quote_rest(at, size, out);
}

constinit const Kernels avx512 = {Processor::avx512, plain_run_avx512, quote_avx512, is_utf8_avx512};

}  // namespace structwire::text_kernels

#endif
