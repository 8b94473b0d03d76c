// SPDX-License-Identifier: Apache-2.0
//
// CRC-32C by tables, eight bytes at a time, and by the instruction of SSE 4.2 where the processor has it. That takes
// three cycles and may begin anew in each, so long inputs are three streams side by side (as M. Adler's crc32c.c has it):
// a sum is linear, and what a block of zeros does to one is a table made at compile time.
#include <structwire/contract/checksum.hpp>

#include <cstring>

namespace structwire {
namespace {

constexpr std::uint32_t polynomial = 0x82F63B78;

// Table k is the effect of a byte that k more bytes follow.
constexpr std::array<std::array<std::uint32_t, 256>, 8> tables = [] {
  std::array<std::array<std::uint32_t, 256>, 8> made{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t sum = i;
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (polynomial & (0 - (sum & 1)));
    made[0][i] = sum;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t i = 0; i < 256; ++i) made[k][i] = made[k - 1][i] >> 8 ^ made[0][made[k - 1][i] & 0xFF];
  }
  return made;
}();

std::uint32_t by_tables(std::uint32_t sum, std::span<const std::byte> bytes) noexcept {
  const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    const std::uint32_t low = sum ^ (at(0) | at(1) << 8 | at(2) << 16 | at(3) << 24);
    sum = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF] ^ tables[4][low >> 24] ^
          tables[3][at(4)] ^ tables[2][at(5)] ^ tables[1][at(6)] ^ tables[0][at(7)];
  }
  for (const std::byte byte : bytes) sum = sum >> 8 ^ tables[0][(sum ^ std::to_integer<std::uint32_t>(byte)) & 0xFF];
  return sum;
}

#if defined(__x86_64__) && !defined(STRUCTWIRE_PORTABLE)

constexpr std::size_t block = 512;

// zeros[k][b]: what `block` zero bytes make of a sum whose byte k is b and whose others are 0.
constexpr std::array<std::array<std::uint32_t, 256>, 4> zeros = [] {
  std::array<std::uint32_t, 32> bits{};
  for (std::size_t i = 0; i < 32; ++i) {
    std::uint32_t sum = std::uint32_t{1} << i;
    for (std::size_t byte = 0; byte < block; ++byte) sum = sum >> 8 ^ tables[0][sum & 0xFF];
    bits[i] = sum;
  }
  std::array<std::array<std::uint32_t, 256>, 4> made{};
  for (std::size_t k = 0; k < 4; ++k) {
    for (std::size_t b = 0; b < 256; ++b) {
      for (std::size_t i = 0; i < 8; ++i) made[k][b] ^= (b >> i & 1) != 0 ? bits[8 * k + i] : 0;
    }
  }
  return made;
}();

std::uint32_t behind_zeros(std::uint32_t sum) noexcept {
  return zeros[0][sum & 0xFF] ^ zeros[1][sum >> 8 & 0xFF] ^ zeros[2][sum >> 16 & 0xFF] ^ zeros[3][sum >> 24];
}

std::uint64_t word_at(const std::byte* at) noexcept {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

[[gnu::target("sse4.2")]] std::uint32_t by_instruction(std::uint32_t sum, std::span<const std::byte> bytes) noexcept {
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t first = sum;
  for (; left >= 3 * block; left -= 3 * block, at += 3 * block) {
    std::uint64_t second = 0;
    std::uint64_t third = 0;
    for (std::size_t i = 0; i < block; i += 8) {
      first = __builtin_ia32_crc32di(first, word_at(at + i));
      second = __builtin_ia32_crc32di(second, word_at(at + block + i));
      third = __builtin_ia32_crc32di(third, word_at(at + 2 * block + i));
    }
    const std::uint32_t two = behind_zeros(static_cast<std::uint32_t>(first)) ^ static_cast<std::uint32_t>(second);
    first = behind_zeros(two) ^ static_cast<std::uint32_t>(third);
  }
  for (; left >= 8; left -= 8, at += 8) first = __builtin_ia32_crc32di(first, word_at(at));
  auto last = static_cast<std::uint32_t>(first);
  for (; left != 0; --left, ++at) last = __builtin_ia32_crc32qi(last, std::to_integer<unsigned char>(*at));
  return last;
}

bool has_instruction() noexcept {
  static const bool has = __builtin_cpu_supports("sse4.2") != 0;
  return has;
}

#endif

}  // namespace

std::uint32_t crc32c_portable(std::span<const std::byte> bytes, std::uint32_t before) noexcept {
  return ~by_tables(~before, bytes);
}

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before) noexcept {
#if defined(__x86_64__) && !defined(STRUCTWIRE_PORTABLE)
  if (has_instruction()) return ~by_instruction(~before, bytes);
#endif
  return crc32c_portable(bytes, before);
}

}  // namespace structwire
