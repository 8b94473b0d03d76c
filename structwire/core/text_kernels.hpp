// SPDX-License-Identifier: Apache-2.0
#pragma once

// The loops over long text, in the widest form that the processor has, chosen when they are first called: a
// program that was compiled for every x86-64 runs them in AVX-512 where that is there.

#include <cstddef>
#include <span>
#include <string_view>

#include <structwire/core/processor.hpp>

namespace structwire::text_kernels {

/// Text up to a quote, a backslash or a control character, or to the end.
struct Run {
  const char* end;
  bool ascii;  ///< No byte has its high bit set.
};

/// The loops for one kind of processor. Tests run each that runs here.
struct Kernels {
  Processor processor;
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

/// Every form that was compiled, from the slowest to the fastest.
std::span<const Kernels* const> all_kernels() noexcept;

}  // namespace structwire::text_kernels
