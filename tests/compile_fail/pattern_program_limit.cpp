// SPDX-License-Identifier: Apache-2.0
// Refused with: {"more than 4096 instructions"}
// Refused with: AtByte<13>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"(?:[a-z]{64}){65}">;
#else
constexpr const auto& program = sw::compiled_pattern<"(?:[a-z]{64}){63}">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
