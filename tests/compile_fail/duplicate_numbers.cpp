// SPDX-License-Identifier: Apache-2.0
// Refused with: two members have the same number
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int first = 0;
  int second = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::member<&Message::second, sw::number<1>>>;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
