// SPDX-License-Identifier: Apache-2.0
#pragma once

// The forms that are compiled on this kind of processor; one text_kernel_*.cpp each.

#include <structwire/core/text_kernels.hpp>

namespace structwire::text_kernels {

extern const Kernels portable;
#if defined(__x86_64__)
extern const Kernels sse2;
extern const Kernels avx2;
extern const Kernels avx512;
#elif defined(__aarch64__)
extern const Kernels neon;
#endif

}  // namespace structwire::text_kernels
