// SPDX-License-Identifier: Apache-2.0
// Refused with: a Literal's integers fit std::int64_t
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
const sw::Literal<18446744073709551615u> largest;
#else
const sw::Literal<9223372036854775807> largest;
#endif
