// SPDX-License-Identifier: Apache-2.0

// The loops that every processor can run, over words of eight bytes.

#define STRUCTWIRE_SIMD_LEVEL 8
#define STRUCTWIRE_SIMD_SPACE kernel_portable

#include <structwire/core/text_kernel_loops.hpp>
#include <structwire/core/text_kernel_quote.hpp>

#include <structwire/core/text_kernel_list.hpp>
#include <structwire/core/utf8.hpp>

namespace structwire::text_kernels {

namespace {
bool is_utf8_by_sequences(const char* at, std::size_t size) noexcept {
  return utf8::valid_prefix({at, size}) == size;
}
}  // namespace

constinit const Kernels portable = {Processor::portable, structwire::plain_run,
                                    structwire::quote_by_blocks<CheckAtEnd>, is_utf8_by_sequences};

}  // namespace structwire::text_kernels
