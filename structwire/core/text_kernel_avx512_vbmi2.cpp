// SPDX-License-Identifier: Apache-2.0

// The loops for x86-64 with AVX-512 VBMI2 (Ice Lake, Zen 4 and later), whatever the flags of the build: look-ups reach
// over 64 bytes, and bytes move apart. Only quoting is another than that of text_kernel_avx512.cpp: of text beyond ASCII
// it takes three fifths of the time, but for Thai and what else begins with E0, which stays as it was, and a third of it
// where much is escaped; ASCII with an escape in every block takes a tenth more.

#if defined(__x86_64__)

// Their inline functions are other objects' too: they stay as the flags say.
#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include <structwire/core/config.hpp>
#include <structwire/core/escapes.hpp>
#include <structwire/core/text_kernel_list.hpp>

#if defined(__clang__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,bmi,bmi2,lzcnt,popcnt"))), \
    apply_to = function)
#else
// GCC 12 takes what its own intrinsics leave undefined on purpose for a mistake (its bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2,bmi,bmi2,lzcnt,popcnt")
#endif

namespace structwire::text_kernels {
namespace {

/// In memory, and hidden from the compiler: it makes constants that it knows of general registers, one after the other,
/// in the port that compares bytes, which takes as long as a block of text.
struct Constants {
  alignas(64) std::uint8_t blank[64];
  alignas(64) std::uint8_t lead[64];      ///< C0: the least lead byte.
  alignas(64) std::uint8_t lead_3[64];    ///< E0: the least of three bytes and more.
  alignas(64) std::uint8_t rare[64];      ///< At c % 64: c where that is rare, else something that is no c.
  alignas(64) std::uint8_t letters[128];  ///< Of ASCII: what stands behind a backslash for it; 0 where that is more.
  alignas(64) std::uint16_t backslash[32];
  alignas(64) std::uint8_t lead_4[64];        ///< F0: the least of four bytes and more.
  alignas(64) std::uint8_t second_least[64];  ///< At c % 64, of a lead c: what may follow, from here…
  alignas(64) std::uint8_t second_most[64];   ///< … to here.
};

// Rare: quotes, backslashes, leads of four bytes, and leads that UTF-8 allows nowhere or only in front of some bytes.
constexpr Constants constants = [] {
  Constants made{};
  for (unsigned i = 0; i < 64; ++i) {
    made.blank[i] = ' ';
    made.lead[i] = 0xC0;
    made.lead_3[i] = 0xE0;
    made.rare[i] = static_cast<std::uint8_t>(i >= 0x30 ? 0xC0 + i : ~i);
  }
  for (std::uint16_t& each : made.backslash) each = '\\';
  for (unsigned i = 0; i < 64; ++i) {
    made.lead_4[i] = 0xF0;
    made.second_least[i] = 0x80;
    made.second_most[i] = 0xC0 + i < 0xC2 || 0xC0 + i > 0xF4 ? 0 : 0xBF;
  }
  made.second_least[0xE0 % 64] = 0xA0;
  made.second_most[0xED % 64] = 0x9F;
  made.second_least[0xF0 % 64] = 0x90;
  made.second_most[0xF4 % 64] = 0x8F;
  for (const unsigned c : {0x22u, 0x5Cu, 0xC0u, 0xC1u, 0xE0u, 0xEDu}) made.rare[c % 64] = static_cast<std::uint8_t>(c);
  for (unsigned c = 0; c < escapes.size(); ++c) {
    if (escapes[c].size == 2) made.letters[c] = static_cast<std::uint8_t>(escapes[c].text[1]);
  }
  return made;
}();

STRUCTWIRE_ALWAYS_INLINE __m512i load(const auto& bytes) noexcept { return _mm512_load_si512(bytes); }

// GCC fetches a mask from its register once more for each use.
STRUCTWIRE_ALWAYS_INLINE std::uint64_t bits_of(__mmask64 mask) noexcept {
  std::uint64_t bits = mask;
  asm("" : "+r"(bits));
  return bits;
}

/// Writes 32 characters, each of those in `stops` as a backslash and its letter; nothing where `there` is 0.
STRUCTWIRE_ALWAYS_INLINE void put_escaped(__m256i text, __m256i letters, __m512i backslash, std::uint32_t stops,
                                          __mmask64 there, char* out) noexcept {
  const __m512i pairs = _mm512_or_si512(_mm512_slli_epi16(_mm512_cvtepu8_epi16(letters), 8), backslash);
  const __m512i both = _mm512_mask_mov_epi16(_mm512_cvtepu8_epi16(text), stops, pairs);
  const __mmask64 kept = 0x5555555555555555u | _pdep_u64(stops, 0xAAAAAAAAAAAAAAAAu);
  _mm512_mask_storeu_epi8(out, there, _mm512_maskz_compress_epi8(kept, both));
}

/// UTF-8 of blocks that stand one behind the other. Their leads tell where continuations have to stand, which must stand
/// there and nowhere else: half the instructions of what looks at pairs.
class Continuations {
 public:
  // Written out, because GCC compiles an implicit one for the processor of the build.
  Continuations() noexcept : wanted_(0), misplaced_(0) {}

  bool are_right() const noexcept { return misplaced_ == 0; }
  /// A block that is ASCII, where none are wanted, need not be looked at.
  bool are_wanted() const noexcept { return wanted_ != 0; }

  /// `high`: what is not ASCII. No lead is rare.
  STRUCTWIRE_ALWAYS_INLINE void look_at(__m512i now, std::uint64_t high, const Constants& known) noexcept {
    compare(high, leads(now, known.lead), leads(now, known.lead_3), 0);
  }
  /// `next`: one place further, with zeros behind the text.
  STRUCTWIRE_ALWAYS_INLINE void look_at_rare(__m512i now, __m512i next, std::uint64_t high,
                                             const Constants& known) noexcept {
    const std::uint64_t lead = leads(now, known.lead);
    compare(high, lead, leads(now, known.lead_3), leads(now, known.lead_4));
    misplaced_ |= _mm512_mask_cmplt_epu8_mask(lead, next, _mm512_permutexvar_epi8(now, load(known.second_least))) |
                  _mm512_mask_cmpgt_epu8_mask(lead, next, _mm512_permutexvar_epi8(now, load(known.second_most)));
  }

 private:
  STRUCTWIRE_ALWAYS_INLINE static std::uint64_t leads(__m512i now, const std::uint8_t (&least)[64]) noexcept {
    return bits_of(_mm512_cmpge_epu8_mask(now, load(least)));
  }
  STRUCTWIRE_ALWAYS_INLINE void compare(std::uint64_t high, std::uint64_t lead, std::uint64_t lead_3,
                                        std::uint64_t lead_4) noexcept {
    misplaced_ |= (lead << 1 | lead_3 << 2 | lead_4 << 3 | wanted_) ^ (high & ~lead);
    wanted_ = lead >> 63 | lead_3 >> 62 | lead_4 >> 61;
  }

  std::uint64_t wanted_;
  std::uint64_t misplaced_;
};

/// Quotes blocks whose escapes are short.
class Quoting {
 public:
  Quoting() noexcept : constants_(&constants) {}

  bool is_utf8() const noexcept { return continuations_.are_right(); }

  /// Writes a `Whole` block, or all `size` < 64 bytes that are left; false where an escape is long.
  template <bool Whole>
  STRUCTWIRE_ALWAYS_INLINE bool put(const char* at, std::size_t size, char*& out) noexcept {
    asm("" : "+r"(constants_));
    constexpr std::uint64_t every = ~std::uint64_t{0};
    const Constants& known = *constants_;
    const __mmask64 there = Whole ? every : _bzhi_u64(every, static_cast<unsigned>(size));
    const __m512i now = Whole ? _mm512_loadu_si512(at) : _mm512_maskz_loadu_epi8(there, at);
    _mm512_storeu_si512(out, now);
    const __mmask64 low = Whole ? _mm512_cmplt_epu8_mask(now, load(known.blank))
                                : _mm512_mask_cmplt_epu8_mask(there, now, load(known.blank));
    const __mmask64 rare = _mm512_cmpeq_epi8_mask(_mm512_permutexvar_epi8(now, load(known.rare)), now);
    const std::uint64_t high = bits_of(_mm512_movepi8_mask(now));
    if (_kortestz_mask64_u8(low, rare) == 0) {
      const std::uint64_t rare_leads = rare & high;
      const std::uint64_t stops = (low | rare) ^ rare_leads;
      if (stops != 0) {
        const __m512i letters =
            _mm512_permutex2var_epi8(load(known.letters), now, _mm512_load_si512(known.letters + 64));
        if (_mm512_mask_testn_epi8_mask(stops, letters, letters) != 0) [[unlikely]] return false;
        const __m512i backslash = load(known.backslash);
        const auto front = static_cast<std::uint32_t>(stops);
        put_escaped(_mm512_castsi512_si256(now), _mm512_castsi512_si256(letters), backslash, front, every, out);
        put_escaped(_mm512_extracti64x4_epi64(now, 1), _mm512_extracti64x4_epi64(letters, 1), backslash,
                    static_cast<std::uint32_t>(stops >> 32), Whole || size > 32 ? every : 0,
                    out + 32 + _mm_popcnt_u32(front));
        out += _mm_popcnt_u64(stops);
      }
      if (rare_leads != 0) {
        const __mmask64 behind = Whole && size > 64 ? every : there >> 1;
        continuations_.look_at_rare(now, _mm512_maskz_loadu_epi8(behind, at + 1), high, known);
        out += Whole ? 64 : size;
        return true;
      }
    }
    if (high != 0 || continuations_.are_wanted()) continuations_.look_at(now, high, known);
    out += Whole ? 64 : size;
    return true;
  }

 private:
  const Constants* constants_;
  Continuations continuations_;
};

char* quote(const char* at, std::size_t size, char* out) noexcept {
  const char* const start = at;
  Quoting quoting;
  *out++ = '"';
  bool done = true;
  for (; size >= 64; at += 64, size -= 64) {
    done = quoting.put<true>(at, size, out);
    if (!done) break;
  }
  if (done && quoting.put<false>(at, size, out)) [[likely]] {
    *out++ = '"';
    return quoting.is_utf8() ? out : nullptr;
  }
  if (!quoting.is_utf8()) return nullptr;
  return at == start ? quote_avx512(at, size, out - 1) : quote_rest_avx512(at, size, out);
}

}  // namespace
}  // namespace structwire::text_kernels

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace structwire::text_kernels {

constinit const Kernels avx512_vbmi2 = {Processor::avx512_vbmi2, plain_run_avx512, quote, is_utf8_avx512};

}  // namespace structwire::text_kernels

#endif
