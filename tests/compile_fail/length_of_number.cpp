// SPDX-License-Identifier: Apache-2.0
// Refused with: lengths are of text, bytes, arrays, sets and maps
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int number = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::member<&Message::number, sw::max_length(3)>>;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
