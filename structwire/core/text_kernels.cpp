// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/text_kernels.hpp>

#include <iterator>

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

const Kernels* fastest() noexcept {
  const Kernels* chosen = every[0];
  for (const Kernels* kernels : every) {
    if (kernels->available()) chosen = kernels;
  }
  return chosen;
}

// Chosen at the first call; threads that race for it choose the same.
const Kernels& chosen() noexcept {
  static const Kernels* const kernels = fastest();
  return *kernels;
}

}  // namespace

Run plain_run(const char* at, const char* end) noexcept { return chosen().plain_run(at, end); }
Run copy_plain_run(const char* at, const char* end, char* out) noexcept {
  return chosen().copy_plain_run(at, end, out);
}
bool is_utf8(std::string_view text) noexcept { return chosen().is_utf8(text.data(), text.size()); }

KernelList all_kernels() noexcept { return {std::begin(every), std::end(every)}; }

}  // namespace structwire::text_kernels
