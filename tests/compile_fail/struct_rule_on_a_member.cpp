// SPDX-License-Identifier: Apache-2.0
// Refused with: among the rules of a member stands one of a struct
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int first = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::member<&Message::first, sw::forbid_unknown_fields>>;
#else
  using wire = sw::Rules<sw::member<&Message::first, sw::defaulted>, sw::forbid_unknown_fields>;
#endif
};

bool use() { return sw::json::encode(Message{}).empty(); }
