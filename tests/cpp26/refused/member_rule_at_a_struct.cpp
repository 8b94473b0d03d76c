// SPDX-License-Identifier: Apache-2.0
// Refused with: among the rules of a struct stands one of a member
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
struct[[= sw::between(0, 9)]] Message {
#else
struct Message {
#endif
  int number = 0;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
