// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/text_kernels.hpp>

#include <atomic>

#include <structwire/core/text_kernel_list.hpp>

namespace structwire::text_kernels {
namespace {

// From the slowest to the fastest.
constexpr const Kernels* every[] = {
    &portable,
#if defined(__x86_64__)
    &sse2,     &avx2, &avx512, &avx512_vbmi2,
#elif defined(__aarch64__)
    &neon,
#endif
};

const Kernels& choose() noexcept;

constinit const Kernels not_chosen = {
    Processor::portable, [](const char* at, const char* end) noexcept { return choose().plain_run(at, end); },
    [](const char* at, std::size_t size, char* out) noexcept { return choose().quote(at, size, out); },
    [](const char* at, std::size_t size) noexcept { return choose().is_utf8(at, size); }};

// Chosen at the first call; threads that race for it choose the same. No static variable of a function: its guard would
// be asked for every text.
constinit std::atomic<const Kernels*> chosen = &not_chosen;

const Kernels& choose() noexcept {
  const Kernels& kernels = fastest_of(all_kernels());
  chosen.store(&kernels, std::memory_order_relaxed);
  return kernels;
}

const Kernels& kernels() noexcept { return *chosen.load(std::memory_order_relaxed); }

}  // namespace

Run plain_run(const char* at, const char* end) noexcept { return kernels().plain_run(at, end); }
char* quote(std::string_view text, char* out) noexcept { return kernels().quote(text.data(), text.size(), out); }
bool is_utf8(std::string_view text) noexcept { return kernels().is_utf8(text.data(), text.size()); }

std::span<const Kernels* const> all_kernels() noexcept { return every; }

}  // namespace structwire::text_kernels
