// SPDX-License-Identifier: Apache-2.0
// Refused with: const members can be encoded, not decoded
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  const int number = 0;
#else
  int number = 0;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
