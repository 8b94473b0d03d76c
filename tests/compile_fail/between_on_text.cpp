// SPDX-License-Identifier: Apache-2.0
// Refused with: bounds are for numbers; use min_length and max_length for lengths
#include <tests/compile_fail/prelude.hpp>

struct Message {
  std::string text;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::member<&Message::text, sw::between(1, 3)>>;
#else
  using wire = sw::Rules<sw::member<&Message::text, sw::min_length(1), sw::max_length(3)>>;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
