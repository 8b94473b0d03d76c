// SPDX-License-Identifier: Apache-2.0
// Refused with: {"group other than ( ) and (?: )"}
// Refused with: AtByte<1>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"a(?>b)">;
#else
constexpr const auto& program = sw::compiled_pattern<"a(?:b)">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
