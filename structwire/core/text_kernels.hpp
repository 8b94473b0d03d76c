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
  char* (*quote)(const char* at, std::size_t size, char* out) noexcept;
  bool (*is_utf8)(const char* at, std::size_t size) noexcept;
};

/// Where the run that begins at `at` ends.
Run plain_run(const char* at, const char* end) noexcept;
/// Writes `text` between quotes and with JSON's escapes. At `out` is room for that and for 64 characters more. Returns the
/// end; nullptr where it is no UTF-8, and then anything may stand there.
char* quote(std::string_view text, char* out) noexcept;
/// Unicode 15, table 3-7.
bool is_utf8(std::string_view text) noexcept;

/// Every form that was compiled, from the slowest to the fastest.
std::span<const Kernels* const> all_kernels() noexcept;

}  // namespace structwire::text_kernels
