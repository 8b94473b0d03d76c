// SPDX-License-Identifier: Apache-2.0
// Refused with: a Literal lists at least one constant
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
const sw::Literal<> version;
#else
const sw::Literal<"v1"> version;
#endif
