// SPDX-License-Identifier: Apache-2.0
#pragma once

// Passing over a JSON value as fast as its bytes can be looked at, with every check of the slow way (walk.hpp) but
// the limits: grammar, escapes, UTF-8. What it does not like it leaves to the slow way, which knows what to say.

#include <cstddef>
#include <span>

#include <structwire/core/processor.hpp>

namespace structwire::json {

struct SkipLimits {
  std::size_t levels;         ///< Of nesting; at most 512.
  std::size_t number_digits;  ///< Characters of a number.
};

/// Where the value that begins at `at` ends; nullptr when it is not valid or beyond a limit.
const char* skip_value(const char* at, const char* end, const SkipLimits& limits) noexcept;

/// The loop for one kind of processor. Tests run each that runs here.
struct SkipKernel {
  Processor processor;
  const char* (*skip_value)(const char* at, const char* end, const SkipLimits& limits) noexcept;
};
/// Every form that was compiled, from the slowest to the fastest.
std::span<const SkipKernel* const> skip_kernels() noexcept;

// skip_*.cpp, one each.
extern const SkipKernel skip_portable;
#if defined(__x86_64__)
extern const SkipKernel skip_sse2;
extern const SkipKernel skip_avx2;
extern const SkipKernel skip_avx512;
#elif defined(__aarch64__)
extern const SkipKernel skip_neon;
#endif

}  // namespace structwire::json
