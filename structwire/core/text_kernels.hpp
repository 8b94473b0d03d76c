// SPDX-License-Identifier: Apache-2.0
#pragma once

// The loops over long text, in the widest form that the processor has, chosen when they are first called: a
// program that was compiled for every x86-64 runs them in AVX-512 where that is there.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace structwire::text_kernels {

/// Text up to a quote, a backslash or a control character, or to the end.
struct Run {
  const char* end;
  bool ascii;  ///< No byte has its high bit set.
};

/// What the processor has. Tests run each that is there.
struct Kernels {
  const char* name;  ///< portable, sse2, avx2, avx512, neon
  bool (*available)() noexcept;
  Run (*plain_run)(const char* at, const char* end) noexcept;
  Run (*copy_plain_run)(const char* at, const char* end, char* out) noexcept;
  bool (*is_utf8)(const char* at, std::size_t size) noexcept;
};

/// Where the run that begins at `at` ends.
Run plain_run(const char* at, const char* end) noexcept;
/// The same, and copies the run to `out`, where 64 bytes more than the text has may be written to.
Run copy_plain_run(const char* at, const char* end, char* out) noexcept;
/// Unicode 15, table 3-7.
bool is_utf8(std::string_view text) noexcept;

/// Every form that was compiled; the last one that is available is used.
struct KernelList {
  const Kernels* const* begin_;
  const Kernels* const* end_;
  const Kernels* const* begin() const noexcept { return begin_; }
  const Kernels* const* end() const noexcept { return end_; }
};
KernelList all_kernels() noexcept;

}  // namespace structwire::text_kernels
