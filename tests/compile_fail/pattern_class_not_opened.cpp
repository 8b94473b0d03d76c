// SPDX-License-Identifier: Apache-2.0
// Refused with: {"] that closes nothing"}
// Refused with: AtByte<3>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"a-z]">;
#else
constexpr const auto& program = sw::compiled_pattern<"a-z\\]">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
