// SPDX-License-Identifier: Apache-2.0
//
// The first byte of an input picks the indent, the others are JSON. What decodes is reformatted; a
// layout changes nothing but white space, so each leads to the same minified text, and that one to
// itself.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <structwire/json.hpp>

namespace {

using namespace structwire;

constexpr std::string_view before = "before";

void check_layout(std::string_view text, int indent) {
  DecodeOptions options;
  options.limits.decoded_bytes = 1u << 20;
  Buffer out(before);
  const auto done = json::reformat(text, indent, out, options);
  if (!done) {
    STRUCTWIRE_ASSERT(out.text() == before);
    STRUCTWIRE_ASSERT(!done.error().message().empty());
    // Decoding is stricter about numbers and memory, and about nothing else.
    STRUCTWIRE_ASSERT(done.error().code() == ErrorCode::size_limit || !json::decode<Value>(text));
    return;
  }
  const std::string_view layout = out.text().substr(before.size());
  STRUCTWIRE_ASSERT(layout.size() <= 2 * text.size() + options.limits.decoded_bytes);
  const auto minified = json::reformat(text, -1);
  STRUCTWIRE_ASSERT(minified && minified->size() <= text.size());
  STRUCTWIRE_ASSERT(json::reformat(layout, -1) == *minified);
  STRUCTWIRE_ASSERT(json::reformat(*minified, -1) == *minified);
  STRUCTWIRE_ASSERT(json::reformat(*minified, indent) == layout);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  check_layout(text, data[0] % 7 - 1);
  return 0;
}
