// SPDX-License-Identifier: Apache-2.0
// Refused with: a Literal's integers fit std::int64_t
#include <tests/compile_fail/prelude.hpp>

struct Message {
  sw::Literal<9223372036854775807> good;
#ifdef STRUCTWIRE_MUST_FAIL
  sw::Literal<9223372036854775808u> bad;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
