// SPDX-License-Identifier: Apache-2.0
// Refused with: a lone std::byte has no wire form: use sw::Bytes
#include <tests/compile_fail/prelude.hpp>

struct Message {
  sw::Bytes many;
#ifdef STRUCTWIRE_MUST_FAIL
  std::byte one{};
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
