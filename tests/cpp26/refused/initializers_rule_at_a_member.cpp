// SPDX-License-Identifier: Apache-2.0
// Refused with: among the rules of a member stands one of a struct
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  [[= sw::defaults_from_initializers]]
#endif
      int number = 0;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
