// SPDX-License-Identifier: Apache-2.0
// Refused with: {"( that is never closed"}
// Refused with: AtByte<1>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"a(b|(c)">;
#else
constexpr const auto& program = sw::compiled_pattern<"a(b|(c))">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
