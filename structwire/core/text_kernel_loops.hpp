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
  // Not returned in braces: GCC 16 would clear the padding through memory, and wait for it.
  Run run;
  run.ascii = true;
  while (true) {
    const auto left = static_cast<std::size_t>(end - at);
    const bool whole = left >= Block::size;
    const Block block = whole ? Block::load(at) : Block::load_part(at, left);
    // Bytes behind the end are zero: control characters.
    const Block::Mask stops = block.equal('"') | block.equal('\\') | block.below(0x20);
    if (stops != 0) {
      run.ascii = run.ascii && (block.high() & in_front_of_first(stops)) == 0;
      run.end = at + Block::first(stops);
      return run;
    }
    run.ascii = run.ascii && block.high() == 0;
    if (!whole) {
      run.end = end;
      return run;
    }
    at += Block::size;
  }
}

}  // namespace STRUCTWIRE_SIMD_SPACE
}  // namespace structwire
