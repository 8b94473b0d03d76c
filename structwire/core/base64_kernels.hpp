// SPDX-License-Identifier: Apache-2.0
#pragma once

// Base64 many bytes at a time, where the processor can: after W. Muła and D. Lemire, "Faster Base64 Encoding and
// Decoding Using AVX2 Instructions" (2018) and "Base64 encoding and decoding at almost the speed of a memory copy"
// (2019). A kernel does whole blocks from the front and leaves the rest, and every error, to base64.cpp.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace structwire::base64 {

struct Kernels {
  std::string_view name;
  bool (*runs_here)() noexcept;
  /// Returns how many bytes it has encoded: a multiple of 3, with 4 characters for each 3 at `out`.
  std::size_t (*encode)(const std::byte* at, std::size_t size, char* out) noexcept;
  /// Returns how many characters it has decoded: a multiple of 4, with 3 bytes for each 4 at `out`. It stops in front
  /// of what is not in the alphabet, and of the last four characters.
  std::size_t (*decode)(const char* at, std::size_t size, std::byte* out) noexcept;
};

/// Every form that was compiled, from the slowest to the fastest.
std::span<const Kernels* const> all_kernels() noexcept;

#if defined(__x86_64__)
extern const Kernels avx2;
extern const Kernels avx512;
#endif

inline constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// In `values` for what is not in the alphabet.
inline constexpr std::uint8_t no_value = 0x80;

struct ValueTable {
  alignas(64) std::uint8_t of[256];
};
inline constexpr ValueTable values = [] {
  ValueTable table{};
  for (std::uint8_t& value : table.of) value = no_value;
  for (std::size_t i = 0; i < 64; ++i) table.of[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return table;
}();

}  // namespace structwire::base64
