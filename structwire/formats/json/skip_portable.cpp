// SPDX-License-Identifier: Apache-2.0

// Skipping for every processor, over words of eight bytes.

#include <structwire/formats/json/skip.hpp>

#define STRUCTWIRE_SIMD_LEVEL 8
#define STRUCTWIRE_SIMD_SPACE json_skip_portable

#include <structwire/formats/json/skip_loop.hpp>

namespace structwire::json {
const SkipKernel skip_portable = {Processor::portable, skip_json_value, skip_json_members};
}  // namespace structwire::json
