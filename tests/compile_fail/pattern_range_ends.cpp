// SPDX-License-Identifier: Apache-2.0
// Refused with: {"range with swapped ends"}
// Refused with: AtByte<1>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"[z-a]">;
#else
constexpr const auto& program = sw::compiled_pattern<"[a-z]">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
