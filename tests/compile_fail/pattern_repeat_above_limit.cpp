// SPDX-License-Identifier: Apache-2.0
// Refused with: {"repeat above 1000"}
// Refused with: AtByte<1>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"a{1001}">;
#else
constexpr const auto& program = sw::compiled_pattern<"a{1000}">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
