// SPDX-License-Identifier: Apache-2.0
// Refused with: a member is either encode_only or decode_only; `sw::skip` keeps it off the wire
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int number = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::member<&Message::number, sw::encode_only, sw::decode_only>>;
#else
  using wire = sw::Rules<sw::member<&Message::number, sw::skip>>;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
