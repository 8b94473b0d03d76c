// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON text from text, in one pass (core/text_kernels.hpp): copied by blocks, escaped where a block holds something
// to escape, and checked for UTF-8 where it holds something beyond ASCII. Included like core/text_kernel_loops.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <structwire/core/escapes.hpp>
#include <structwire/core/simd.hpp>
#include <structwire/core/text_kernel_list.hpp>

namespace structwire {
inline namespace STRUCTWIRE_SIMD_SPACE {

// The first `size` bytes at `at` are in `out` already, of which those in `stops` need escapes: what stands behind each
// moves back. Returns where the next character goes.
inline char* escape_block(const char* at, std::size_t size, std::size_t readable, std::uint64_t stops,
                          char* out) noexcept {
  for (; stops != 0; stops &= stops - 1) {
    const auto stop = static_cast<std::size_t>(std::countr_zero(stops));
    const Escape& escape = escapes[static_cast<unsigned char>(at[stop])];
    std::memcpy(out + stop, &escape, sizeof escape);
    out += escape.size - 1;
    const std::size_t rest = stop + 1;
    const Block moved = readable - rest >= Block::size ? Block::load(at + rest)
                                                       : Block::load_part(at + rest, std::min(readable, size) - rest);
    moved.store(out + rest);
  }
  return out + size;
}

/// `Checker` looks at blocks that are, or stand behind one that is, not all ASCII.
template <class Checker>
inline char* quote_by_blocks(const char* at, std::size_t size, char* out) noexcept {
  Checker checker(at, size);
  Block::Mask high_before = 0;
  *out++ = '"';
  for (std::size_t left = size;; at += Block::size, left -= Block::size) {
    const bool whole = left >= Block::size;
    const Block block = whole ? Block::load(at) : Block::load_part(at, left);
    block.store(out);
    const Block::Mask high = block.high();
    if ((high | high_before) != 0) checker.look_at(at, left);
    high_before = high;
    // Bytes behind the end are zero: control characters.
    std::uint64_t stops = Block::bits(block.equal('"') | block.equal('\\') | block.below(0x20));
    if (!whole) {
      stops &= ~(~std::uint64_t{0} << left);
      out = escape_block(at, left, left, stops, out);
      break;
    }
    if (stops != 0) {
      out = escape_block(at, Block::size, left, stops, out);
    } else {
      out += Block::size;
    }
  }
  *out++ = '"';
  // A pointer alone: GCC 12 to 16 put a pointer and a bool together through memory, in pieces that stall the load.
  return checker.is_utf8() ? out : nullptr;
}

/// For vectors without a byte look-up: all of the text once more where it is not ASCII.
class CheckAtEnd {
 public:
  CheckAtEnd(const char* at, std::size_t size) noexcept : at_(at), size_(size) {}
  void look_at(const char*, std::size_t) noexcept { ascii_ = false; }
  bool is_utf8() const noexcept { return ascii_ || text_kernels::portable.is_utf8(at_, size_); }

 private:
  const char* at_;
  std::size_t size_;
  bool ascii_ = true;
};

}  // namespace STRUCTWIRE_SIMD_SPACE
}  // namespace structwire
