// SPDX-License-Identifier: Apache-2.0
// Refused with: pointers and references have no wire form
#include <tests/compile_fail/prelude.hpp>

struct Message {
  std::unique_ptr<int> owned;
#ifdef STRUCTWIRE_MUST_FAIL
  int* borrowed = nullptr;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
