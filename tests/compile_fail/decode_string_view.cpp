// SPDX-License-Identifier: Apache-2.0
// Refused with: std::string_view members can be encoded, not decoded: use std::string
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::string_view text;
#else
  std::string text;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
