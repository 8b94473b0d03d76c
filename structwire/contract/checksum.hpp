// SPDX-License-Identifier: Apache-2.0
#pragma once

// Two cyclic redundancy checks: CRC-32C against accidents to stored bytes (Castagnoli's polynomial, as in RFC 3720,
// appendix B.4), and the 64-bit Rabin fingerprint of Avro schemas (Avro specification, "Schema Fingerprints").
// Neither protects against somebody who changes bytes on purpose.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace structwire {

/// Of all bytes; `before` goes on from the sum of what stands in front. By the processor's instruction where it has one
/// (SSE 4.2), else by tables.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0) noexcept;
/// The same by tables on every processor, for tests.
std::uint32_t crc32c_portable(std::span<const std::byte> bytes, std::uint32_t before = 0) noexcept;

namespace checksum_detail {

inline constexpr std::uint64_t rabin_empty = 0xc15d213aa4d7a795;

inline constexpr std::array<std::uint64_t, 256> rabin_table = [] {
  std::array<std::uint64_t, 256> table{};
  for (std::uint64_t i = 0; i < 256; ++i) {
    std::uint64_t print = i;
    for (int bit = 0; bit < 8; ++bit) print = print >> 1 ^ (rabin_empty & (0 - (print & 1)));
    table[i] = print;
  }
  return table;
}();

}  // namespace checksum_detail

/// CRC-64-AVRO of a text; of a schema's Parsing Canonical Form (avro_canonical_form) its fingerprint.
constexpr std::uint64_t avro_fingerprint(std::string_view canonical) noexcept {
  std::uint64_t print = checksum_detail::rabin_empty;
  for (const char c : canonical) {
    print = print >> 8 ^ checksum_detail::rabin_table[(print ^ static_cast<std::uint8_t>(c)) & 0xFF];
  }
  return print;
}

}  // namespace structwire
