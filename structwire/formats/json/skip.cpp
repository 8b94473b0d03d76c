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

namespace {
const SkipKernel& kernel() noexcept {
  static const SkipKernel& fastest = fastest_of(skip_kernels());
  return fastest;
}
}  // namespace

const char* skip_value(const char* at, const char* end, const SkipLimits& limits) noexcept {
  return kernel().skip_value(at, end, limits);
}

SkippedMembers skip_members(const char* at, const char* end, const SkipLimits& limits, const KeyFilter& known,
                            std::size_t count_max, bool from_key) noexcept {
  return kernel().skip_members(at, end, limits, known, count_max, from_key);
}

}  // namespace structwire::json
