// SPDX-License-Identifier: Apache-2.0
// Refused with: a Literal lists each constant once
#include <tests/compile_fail/prelude.hpp>

struct Message {
  sw::Literal<1, true> good;
#ifdef STRUCTWIRE_MUST_FAIL
  sw::Literal<1, true, 1> bad;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
