// SPDX-License-Identifier: Apache-2.0
// Refused with: an Unset of an Unset has no wire form
#include <tests/compile_fail/prelude.hpp>

struct Message {
  sw::Unset<int> good;
#ifdef STRUCTWIRE_MUST_FAIL
  sw::Unset<sw::Unset<int>> bad;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
