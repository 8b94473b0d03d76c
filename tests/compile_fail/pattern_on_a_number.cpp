// SPDX-License-Identifier: Apache-2.0
// Refused with: patterns are for text
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  int value = 0;
#else
  std::string value;
#endif
  using wire = sw::Rules<sw::member<&Message::value, sw::pattern<"^[0-9]+$">>>;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
