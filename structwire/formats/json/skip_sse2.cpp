// SPDX-License-Identifier: Apache-2.0

// Skipping for every x86-64.

#if defined(__x86_64__)

#include <structwire/formats/json/skip.hpp>

#define STRUCTWIRE_SIMD_LEVEL 16
#define STRUCTWIRE_SIMD_SPACE json_skip_sse2

#include <structwire/formats/json/skip_loop.hpp>

namespace structwire::json {
const SkipKernel skip_sse2 = {Processor::sse2, skip_json_value, skip_json_members};
}  // namespace structwire::json

#endif
