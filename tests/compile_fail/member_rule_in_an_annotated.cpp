// SPDX-License-Identifier: Apache-2.0
// Refused with: an Annotated takes rules of values
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  sw::Annotated<int, sw::ge(0), sw::defaulted> first = 0;
#else
  sw::Annotated<int, sw::ge(0)> first = 0;
  using wire = sw::Rules<sw::member<&Message::first, sw::defaulted>>;
#endif
};

bool use() { return sw::json::encode(Message{}).empty(); }
