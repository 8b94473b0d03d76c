// SPDX-License-Identifier: Apache-2.0
// Refused with: {"surrogate"}
// Refused with: AtByte<0>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"\\ud83d\\ude00">;
#else
constexpr const auto& program = sw::compiled_pattern<"😀">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
