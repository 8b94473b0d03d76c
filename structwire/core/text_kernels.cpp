// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/text_kernels.hpp>

#include <structwire/core/text_kernel_list.hpp>

namespace structwire::text_kernels {
namespace {

// From the slowest to the fastest.
constexpr const Kernels* every[] = {
    &portable,
#if defined(__x86_64__)
    &sse2,     &avx2, &avx512,
#elif defined(__aarch64__)
    &neon,
#endif
};

// Chosen at the first call; threads that race for it choose the same.
const Kernels& chosen() noexcept {
  static const Kernels& kernels = fastest_of(all_kernels());
  return kernels;
}

}  // namespace

Run plain_run(const char* at, const char* end) noexcept { return chosen().plain_run(at, end); }
char* quote(std::string_view text, char* out) noexcept { return chosen().quote(text.data(), text.size(), out); }
bool is_utf8(std::string_view text) noexcept { return chosen().is_utf8(text.data(), text.size()); }

std::span<const Kernels* const> all_kernels() noexcept { return every; }

}  // namespace structwire::text_kernels
