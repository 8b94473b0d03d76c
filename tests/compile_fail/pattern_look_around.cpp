// SPDX-License-Identifier: Apache-2.0
// Refused with: {"look-around"}
// Refused with: AtByte<2>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"^a(?=b)">;
#else
constexpr const auto& program = sw::compiled_pattern<"^ab">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
