// SPDX-License-Identifier: Apache-2.0

// Skipping for x86-64 with AVX2, whatever the flags of the build.

#if defined(__x86_64__)

// Their inline functions are other objects' too: they stay as the flags say.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <immintrin.h>

#include <structwire/core/text_kernels.hpp>
#include <structwire/formats/json/skip.hpp>

#define STRUCTWIRE_SIMD_LEVEL 32
#define STRUCTWIRE_SIMD_SPACE json_skip_avx2

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt")
#endif

#include <structwire/formats/json/skip_loop.hpp>

namespace structwire::json {
namespace {
const char* skip(const char* at, const char* end, const SkipLimits& limits) noexcept {
  return skip_json_value(at, end, limits);
}
SkippedMembers skip_run(const char* at, const char* end, const SkipLimits& limits, const KeyFilter& known,
                        std::size_t count_max, bool from_key) noexcept {
  return skip_json_members(at, end, limits, known, count_max, from_key);
}
}  // namespace
}  // namespace structwire::json

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace structwire::json {
const SkipKernel skip_avx2 = {Processor::avx2, skip, skip_run};
}  // namespace structwire::json

#endif
