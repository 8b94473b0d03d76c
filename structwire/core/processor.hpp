// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the processor that the program runs on has, whatever the flags it was compiled with.

namespace structwire {

/// Kinds of processors, each with all that the one before it has.
enum class Processor { portable, sse2, avx2, avx512, avx512_vbmi2, neon };

/// `portable`, `avx512`, …
const char* processor_name(Processor processor) noexcept;
/// True when code for `processor` runs here. avx512: BW, DQ and VL, as Skylake-X has them; avx512_vbmi2: both of VBMI too,
/// as Ice Lake and Zen 4 have them.
bool runs_here(Processor processor) noexcept;

/// The last of `forms` that runs here; the first one runs everywhere. A form tells its `processor`.
template <class Forms>
const auto& fastest_of(const Forms& forms) noexcept {
  const auto* fastest = *forms.begin();
  for (const auto* form : forms) {
    if (runs_here(form->processor)) fastest = form;
  }
  return *fastest;
}

}  // namespace structwire
