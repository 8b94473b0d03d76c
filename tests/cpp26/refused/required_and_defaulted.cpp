// SPDX-License-Identifier: Apache-2.0
// Refused with: a member is either required or defaulted
#include <tests/compile_fail/prelude.hpp>

struct Message {
  [[= sw::required]]
#ifdef STRUCTWIRE_MUST_FAIL
      [[= sw::defaulted]]
#endif
      int number = 0;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
