// SPDX-License-Identifier: Apache-2.0
// Refused with: {"back reference"}
// Refused with: AtByte<3>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"(a)\\1">;
#else
constexpr const auto& program = sw::compiled_pattern<"(?:a)a">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
