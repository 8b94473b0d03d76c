// SPDX-License-Identifier: Apache-2.0
// Refused with: defaults_from_initializers needs reflection
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int number = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::defaults_from_initializers>;
#else
  using wire = sw::Rules<sw::all_defaulted>;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
