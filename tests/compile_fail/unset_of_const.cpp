// SPDX-License-Identifier: Apache-2.0
// Refused with: Unset holds a value: no reference, no const, no array
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
const sw::Unset<const int> number;
#else
const sw::Unset<int> number;
#endif
