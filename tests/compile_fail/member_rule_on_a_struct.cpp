// SPDX-License-Identifier: Apache-2.0
// Refused with: among the rules of a struct stands one of a member
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int first = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::defaulted>;
#else
  using wire = sw::Rules<sw::all_defaulted>;
#endif
};

bool use() { return sw::json::encode(Message{}).empty(); }
