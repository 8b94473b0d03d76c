// SPDX-License-Identifier: Apache-2.0
// Refused with: `char` is neither a number nor text
#include <tests/compile_fail/prelude.hpp>

struct Message {
  std::string text;
#ifdef STRUCTWIRE_MUST_FAIL
  char letter = 'a';
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
