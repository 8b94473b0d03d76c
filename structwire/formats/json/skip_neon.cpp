// SPDX-License-Identifier: Apache-2.0

// Skipping for 64-bit ARM.

#if defined(__aarch64__)

#include <structwire/formats/json/skip.hpp>

#define STRUCTWIRE_SIMD_LEVEL 17
#define STRUCTWIRE_SIMD_SPACE json_skip_neon

#include <structwire/formats/json/skip_loop.hpp>

namespace structwire::json {
const SkipKernel skip_neon = {Processor::neon, skip_json_value, skip_json_members};
}  // namespace structwire::json

#endif
