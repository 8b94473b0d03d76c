// SPDX-License-Identifier: Apache-2.0
#pragma once

// Comparing a few bytes at a cursor with a constant, in the widest loads that fit. This is what the
// prediction of the next member costs when it is right, so it is worth its own file.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <structwire/core/config.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

template <class Word>
STRUCTWIRE_ALWAYS_INLINE Word load_word(const void* at) noexcept {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// True when the Size bytes at `at` are `constant`. The bytes are there. The last load overlaps the one before
/// instead of going byte by byte.
template <std::size_t Size>
STRUCTWIRE_ALWAYS_INLINE bool matches(const std::uint8_t* at, const std::array<std::uint8_t, Size>& constant) noexcept {
  const std::uint8_t* bytes = constant.data();
  if constexpr (Size >= 8) {
    std::uint64_t difference = 0;
    for (std::size_t i = 0; i + 8 <= Size; i += 8) {
      difference |= load_word<std::uint64_t>(at + i) ^ load_word<std::uint64_t>(bytes + i);
    }
    if constexpr (Size % 8 != 0) {
      difference |= load_word<std::uint64_t>(at + Size - 8) ^ load_word<std::uint64_t>(bytes + Size - 8);
    }
    return difference == 0;
  } else if constexpr (Size >= 4) {
    return ((load_word<std::uint32_t>(at) ^ load_word<std::uint32_t>(bytes)) |
            (load_word<std::uint32_t>(at + Size - 4) ^ load_word<std::uint32_t>(bytes + Size - 4))) == 0;
  } else {
    std::uint32_t difference = 0;
    for (std::size_t i = 0; i < Size; ++i) difference |= static_cast<std::uint32_t>(at[i] ^ bytes[i]);
    return difference == 0;
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
