// SPDX-License-Identifier: Apache-2.0
// Refused with: Unset holds a value: no reference, no const, no array
#include <tests/compile_fail/prelude.hpp>

struct Message {
  sw::Unset<int> good;
#ifdef STRUCTWIRE_MUST_FAIL
  sw::Unset<const int> bad;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
