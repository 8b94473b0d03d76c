// SPDX-License-Identifier: Apache-2.0
// Refused with: a Literal lists each constant once
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
const sw::Literal<"a", 1, "a"> letter;
#else
const sw::Literal<"a", 1, "b"> letter;
#endif
