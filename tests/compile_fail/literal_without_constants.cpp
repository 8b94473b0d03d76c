// SPDX-License-Identifier: Apache-2.0
// Refused with: a Literal lists at least one constant
#include <tests/compile_fail/prelude.hpp>

struct Message {
  sw::Literal<1> good;
#ifdef STRUCTWIRE_MUST_FAIL
  sw::Literal<> bad;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
