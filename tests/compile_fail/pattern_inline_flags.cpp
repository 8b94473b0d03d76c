// SPDX-License-Identifier: Apache-2.0
// Refused with: {"inline flags"}
// Refused with: AtByte<0>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"(?i)a">;
#else
constexpr const auto& program = sw::compiled_pattern<"[aA]">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
