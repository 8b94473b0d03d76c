// SPDX-License-Identifier: Apache-2.0
// Refused with: first_match is for std::variant
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  int either = 0;
#else
  std::variant<int, long> either;
#endif
  using wire = sw::Rules<sw::member<&Message::either, sw::first_match>>;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
