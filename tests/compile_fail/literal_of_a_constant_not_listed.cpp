// SPDX-License-Identifier: Apache-2.0
// Refused with: this_is_none_of_the_constants_of_the_Literal
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
const sw::Literal<"get", "put"> method = "post";
#else
const sw::Literal<"get", "put"> method = "put";
#endif
