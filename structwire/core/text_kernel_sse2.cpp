// SPDX-License-Identifier: Apache-2.0

// The loops for every x86-64.

#if defined(__x86_64__)

#define STRUCTWIRE_SIMD_LEVEL 16
#define STRUCTWIRE_SIMD_SPACE kernel_sse2

#include <structwire/core/text_kernel_loops.hpp>
#include <structwire/core/text_kernel_quote.hpp>

#include <structwire/core/text_kernel_list.hpp>

namespace structwire::text_kernels {

// SSE2 has no byte look-up, so text is checked as in the portable form.
constinit const Kernels sse2 = {Processor::sse2, structwire::plain_run,
                                structwire::quote_by_blocks<CheckAtEnd>,
                                [](const char* at, std::size_t size) noexcept { return portable.is_utf8(at, size); }};

}  // namespace structwire::text_kernels

#endif
