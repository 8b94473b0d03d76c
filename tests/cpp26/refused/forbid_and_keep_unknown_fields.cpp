// SPDX-License-Identifier: Apache-2.0
// Refused with: a struct cannot both forbid and keep unknown fields
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
struct[[= sw::forbid_unknown_fields]] Message {
#else
struct Message {
#endif
  int number = 0;
  [[= sw::keep_unknown_fields]] std::map<std::string, sw::Raw> more;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
