// SPDX-License-Identifier: Apache-2.0
// Refused with: Annotated is for values: no reference, no const, no array
#include <tests/compile_fail/prelude.hpp>

struct Message {
  sw::Annotated<std::array<int, 2>> good;
#ifdef STRUCTWIRE_MUST_FAIL
  sw::Annotated<int[2]> bad;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
