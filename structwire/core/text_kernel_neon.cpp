// SPDX-License-Identifier: Apache-2.0

// The loops for 64-bit ARM, which always has NEON.

#if defined(__aarch64__)

#define STRUCTWIRE_SIMD_LEVEL 17
#define STRUCTWIRE_SIMD_SPACE kernel_neon

#include <structwire/core/text_kernel_loops.hpp>
#include <structwire/core/text_kernel_quote.hpp>
#include <structwire/core/text_kernel_utf8.hpp>

#include <structwire/core/text_kernel_list.hpp>

namespace structwire {
inline namespace kernel_neon {
namespace {

struct Lanes {
  using Vector = uint8x16_t;
  static constexpr std::size_t size = 16;

  static Vector load(const void* at) noexcept { return vld1q_u8(static_cast<const std::uint8_t*>(at)); }
  static Vector load_part(const void* at, std::size_t count) noexcept {
    alignas(16) std::uint8_t part[16] = {};
    std::memcpy(part, at, count);
    return load(part);
  }
  static Vector zero() noexcept { return vdupq_n_u8(0); }
  static Vector all(std::uint8_t byte) noexcept { return vdupq_n_u8(byte); }
  static Vector table(const std::uint8_t* bytes) noexcept { return vld1q_u8(bytes); }
  static Vector look_up(Vector in, Vector indexes) noexcept { return vqtbl1q_u8(in, indexes); }
  static Vector lower_half(Vector bytes) noexcept { return vandq_u8(bytes, all(0x0F)); }
  static Vector upper_half(Vector bytes) noexcept { return vshrq_n_u8(bytes, 4); }
  static Vector both(Vector a, Vector b) noexcept { return vandq_u8(a, b); }
  static Vector join(Vector a, Vector b) noexcept { return vorrq_u8(a, b); }
  static Vector differ(Vector a, Vector b) noexcept { return veorq_u8(a, b); }
  /// By how much each byte is above `least`, at most 255; 0 where it is not.
  static Vector above(Vector bytes, std::uint8_t least) noexcept { return vqsubq_u8(bytes, all(least)); }
  /// The bytes that stand Count places in front of those of `now`.
  template <int Count>
  static Vector shifted(Vector before, Vector now) noexcept {
    return vextq_u8(before, now, 16 - Count);
  }
  static bool any(Vector bytes) noexcept { return vmaxvq_u8(bytes) != 0; }
  static bool any_high(Vector bytes) noexcept { return vmaxvq_u8(bytes) >= 0x80; }
};

bool is_utf8(const char* at, std::size_t size) noexcept { return is_utf8_by_lanes<Lanes>(at, size); }
char* quote(const char* at, std::size_t size, char* out) noexcept {
  return quote_by_blocks<CheckByLanes<Lanes>>(at, size, out);
}

}  // namespace
}  // namespace kernel_neon
}  // namespace structwire

namespace structwire::text_kernels {

constinit const Kernels neon = {Processor::neon, kernel_neon::plain_run, kernel_neon::quote,
                                kernel_neon::is_utf8};

}  // namespace structwire::text_kernels

#endif
