// SPDX-License-Identifier: Apache-2.0
// Refused with: this type has no wire form
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int number = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  int Message::* bad = nullptr;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
