// SPDX-License-Identifier: Apache-2.0
//
// The first line of an input is a pattern, the rest is text. A refusal says what and where; a
// program answers within its promised steps, and the same when it may repeat itself: `x|x` finds
// what `x` finds.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <structwire/core/pattern.hpp>

namespace {

using namespace structwire;

bool found(const pattern_matching::Program& program, std::string_view text) {
  std::size_t steps = 0;
  const bool result = pattern_matching::search(program, text, steps);
  STRUCTWIRE_ASSERT(steps <= program.code.size() * (text.size() + 1));
  return result;
}

void check_pattern(std::string_view pattern, std::string_view text) {
  const auto program = pattern_matching::parse(pattern);
  if (!program) {
    STRUCTWIRE_ASSERT(!program.error().what.empty() && program.error().what.size() <= 32);
    STRUCTWIRE_ASSERT(program.error().at <= pattern.size());
    return;
  }
  STRUCTWIRE_ASSERT(program->code.size() <= pattern_matching::program_max);
  const bool result = found(program->view(), text);
  std::string twice(pattern);
  twice.append("|").append(pattern);
  if (const auto doubled = pattern_matching::parse(twice)) {
    STRUCTWIRE_ASSERT(doubled->anchored == program->anchored);
    STRUCTWIRE_ASSERT(found(doubled->view(), text) == result);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  check_pattern(input.substr(0, line), line == input.npos ? "" : input.substr(line + 1));
  return 0;
}
