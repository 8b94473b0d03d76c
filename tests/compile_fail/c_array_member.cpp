// SPDX-License-Identifier: Apache-2.0
// Refused with: C arrays have no wire form: use std::array
#include <tests/compile_fail/prelude.hpp>

struct Message {
  std::array<int, 3> good{};
#ifdef STRUCTWIRE_MUST_FAIL
  int bad[3]{};
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
