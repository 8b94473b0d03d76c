// SPDX-License-Identifier: Apache-2.0
// Refused with: bounds are for numbers; use min_length and max_length for lengths
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  [[= sw::between(0, 9)]]
#endif
      std::string text;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
