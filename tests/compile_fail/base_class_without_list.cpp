// SPDX-License-Identifier: Apache-2.0
// Refused with: a struct with a base class must list its members
#include <tests/compile_fail/prelude.hpp>

struct Base {
  int id = 0;
};
struct Message : Base {
  int number = 0;
#ifndef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::members<&Message::id, &Message::number>>;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
