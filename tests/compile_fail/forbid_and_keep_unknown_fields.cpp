// SPDX-License-Identifier: Apache-2.0
// Refused with: a struct cannot both forbid and keep unknown fields
#include <tests/compile_fail/prelude.hpp>

struct Message {
  std::map<std::string, sw::Raw> others;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::member<&Message::others, sw::keep_unknown_fields>, sw::forbid_unknown_fields>;
#else
  using wire = sw::Rules<sw::member<&Message::others, sw::keep_unknown_fields>>;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
