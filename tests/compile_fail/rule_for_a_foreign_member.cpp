// SPDX-License-Identifier: Apache-2.0
// Refused with: a rule names a member of another struct
#include <tests/compile_fail/prelude.hpp>

struct Other {
  int first = 0;
};
struct Message {
  int first = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::member<&Other::first, sw::defaulted>>;
#else
  using wire = sw::Rules<sw::member<&Message::first, sw::defaulted>>;
#endif
};

bool use() { return sw::json::encode(Message{}).empty(); }
