// SPDX-License-Identifier: Apache-2.0
// Refused with: a member is either required or defaulted
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  [[= sw::required]]
#endif
      int number = 0;
  using wire = sw::Rules<sw::member<&Message::number, sw::defaulted>>;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
