// SPDX-License-Identifier: Apache-2.0
// Refused with: Annotated is for values: no reference, no const, no array
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
const sw::Annotated<const int, sw::ge(0)> number;
#else
const sw::Annotated<int, sw::ge(0)> number;
#endif
