// SPDX-License-Identifier: Apache-2.0
// Refused with: a wire name holds no quote, no backslash and no control character
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int number = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::member<&Message::number, sw::name<"a\"b">>>;
#else
  using wire = sw::Rules<sw::member<&Message::number, sw::name<"a'b">>>;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
