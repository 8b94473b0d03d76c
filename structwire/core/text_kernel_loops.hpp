// SPDX-License-Identifier: Apache-2.0
#pragma once

// The loops of text_kernels.hpp over one kind of Block: each text_kernel_*.cpp chooses level and namespace
// (core/simd.hpp) before it includes this.

#include <structwire/core/simd.hpp>
#include <structwire/core/text_kernels.hpp>

namespace structwire {
inline namespace STRUCTWIRE_SIMD_SPACE {

using text_kernels::Run;

inline Run plain_run(const char* at, const char* end) noexcept {
  bool ascii = true;
  while (true) {
    const auto left = static_cast<std::size_t>(end - at);
    const bool whole = left >= Block::size;
    const Block block = whole ? Block::load(at) : Block::load_part(at, left);
    // Bytes behind the end are zero: control characters.
    const Block::Mask stops = block.equal('"') | block.equal('\\') | block.below(0x20);
    if (stops != 0) {
      ascii = ascii && (block.high() & in_front_of_first(stops)) == 0;
      return {at + Block::first(stops), ascii};
    }
    ascii = ascii && block.high() == 0;
    if (!whole) return {end, ascii};
    at += Block::size;
  }
}

}  // namespace STRUCTWIRE_SIMD_SPACE
}  // namespace structwire
