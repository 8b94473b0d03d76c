// SPDX-License-Identifier: Apache-2.0
// Refused with: an Unset of an Unset has no wire form
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
const sw::Unset<sw::Unset<int>> number;
#else
const sw::Unset<std::optional<int>> number;
#endif
