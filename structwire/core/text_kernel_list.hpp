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
extern const Kernels avx512_vbmi2;

/// What avx512 gives to avx512_vbmi2, which does only some text in a way of its own.
Run plain_run_avx512(const char* at, const char* end) noexcept;
bool is_utf8_avx512(const char* at, std::size_t size) noexcept;
char* quote_avx512(const char* at, std::size_t size, char* out) noexcept;
/// Goes on at `at`, with three bytes or more of the text in front of it, which are written.
char* quote_rest_avx512(const char* at, std::size_t size, char* out) noexcept;
#elif defined(__aarch64__)
extern const Kernels neon;
#endif

}  // namespace structwire::text_kernels
