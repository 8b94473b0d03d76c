// SPDX-License-Identifier: Apache-2.0
// Refused with: {"named group"}
// Refused with: AtByte<0>
#include <structwire/core/pattern.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr const auto& program = sw::compiled_pattern<"(?P<year>[0-9]{4})">;
#else
constexpr const auto& program = sw::compiled_pattern<"([0-9]{4})">;
#endif

bool use(std::string_view text) { return sw::pattern_matching::search(program, text); }
