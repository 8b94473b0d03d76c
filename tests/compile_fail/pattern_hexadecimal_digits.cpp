// SPDX-License-Identifier: Apache-2.0
// Refused with: {"too few hexadecimal digits"}
// Refused with: AtByte<1>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"a\\x4">;
#else
constexpr const auto& program = sw::compiled_pattern<"a\\x40">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
