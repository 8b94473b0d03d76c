// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/processor.hpp>

namespace structwire {

const char* processor_name(Processor processor) noexcept {
  switch (processor) {
    case Processor::portable: return "portable";
    case Processor::sse2: return "sse2";
    case Processor::avx2: return "avx2";
    case Processor::avx512: return "avx512";
    case Processor::avx512_vbmi2: return "avx512_vbmi2";
    case Processor::neon: return "neon";
  }
  return "";
}

bool runs_here(Processor processor) noexcept {
  if (processor == Processor::portable) return true;
#if defined(STRUCTWIRE_PORTABLE)
  return false;
#elif defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi2") != 0;
#if defined(STRUCTWIRE_WITHOUT_AVX512)
  const bool avx512 = false;  // For tests of what runs where there is none.
#else
  const bool avx512 = __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
                      __builtin_cpu_supports("avx512vl") != 0;
#endif
  if (processor == Processor::sse2) return true;
  if (processor == Processor::avx2) return avx2;
  if (processor == Processor::avx512) return avx2 && avx512;
  return processor == Processor::avx512_vbmi2 && avx2 && avx512 && __builtin_cpu_supports("avx512vbmi") != 0 &&
         __builtin_cpu_supports("avx512vbmi2") != 0;
#elif defined(__aarch64__)
  return processor == Processor::neon;
#else
  return false;
#endif
}

}  // namespace structwire
