// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/json/skip.hpp>

namespace structwire::json {
namespace {

constexpr const SkipKernel* every[] = {
    &skip_portable,
#if defined(__x86_64__)
    &skip_sse2,     &skip_avx2, &skip_avx512,
#elif defined(__aarch64__)
    &skip_neon,
#endif
};

}  // namespace

std::span<const SkipKernel* const> skip_kernels() noexcept { return every; }

const char* skip_value(const char* at, const char* end, const SkipLimits& limits) noexcept {
  static const SkipKernel& kernel = fastest_of(skip_kernels());
  return kernel.skip_value(at, end, limits);
}

}  // namespace structwire::json
