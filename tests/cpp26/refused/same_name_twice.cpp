// SPDX-License-Identifier: Apache-2.0
// Refused with: two members, or a member and the tag, have the same wire name or alias
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int number = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  [[= sw::name<"number">]]
#endif
      int other = 0;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
