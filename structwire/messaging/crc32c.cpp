// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/crc32c.hpp>

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

namespace structwire::messaging {
namespace {

constexpr std::array<std::uint32_t, 256> table = [] {
  constexpr std::uint32_t reflected_polynomial = 0x82f63b78;
  std::array<std::uint32_t, 256> made{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t sum = i;
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (sum & 1 ? reflected_polynomial : 0);
    made[i] = sum;
  }
  return made;
}();

#if defined(__x86_64__) || defined(__ARM_FEATURE_CRC32)
std::uint64_t word_at(const std::byte* at) noexcept {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}
#endif

#if defined(__x86_64__)
[[gnu::target("sse4.2")]] std::uint32_t crc32c_native(std::span<const std::byte> bytes,
                                                      std::uint32_t before) noexcept {
  std::uint64_t sum = ~before;
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) sum = _mm_crc32_u64(sum, word_at(at));
  auto narrow = static_cast<std::uint32_t>(sum);
  for (; left != 0; ++at, --left) narrow = _mm_crc32_u8(narrow, static_cast<unsigned char>(*at));
  return ~narrow;
}
bool has_native() noexcept { return __builtin_cpu_supports("sse4.2") != 0; }
#elif defined(__ARM_FEATURE_CRC32)
std::uint32_t crc32c_native(std::span<const std::byte> bytes, std::uint32_t before) noexcept {
  std::uint32_t sum = ~before;
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) sum = __crc32cd(sum, word_at(at));
  for (; left != 0; ++at, --left) sum = __crc32cb(sum, static_cast<unsigned char>(*at));
  return ~sum;
}
bool has_native() noexcept { return true; }
#else
std::uint32_t crc32c_native(std::span<const std::byte> bytes, std::uint32_t before) noexcept {
  return crc32c_portable(bytes, before);
}
bool has_native() noexcept { return false; }
#endif

}  // namespace

std::uint32_t crc32c_portable(std::span<const std::byte> bytes, std::uint32_t before) noexcept {
  std::uint32_t sum = ~before;
  for (const std::byte each : bytes)
    sum = sum >> 8 ^ table[(sum ^ static_cast<std::uint32_t>(each)) & 0xff];
  return ~sum;
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before) noexcept {
  static const bool native = has_native();
  return native ? crc32c_native(bytes, before) : crc32c_portable(bytes, before);
}

}  // namespace structwire::messaging
