// SPDX-License-Identifier: Apache-2.0
// Refused with: only a struct can be flattened
#include <tests/compile_fail/prelude.hpp>

struct Point {
  int x = 0;
  int y = 0;
};
struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  int place = 0;
#else
  Point place;
#endif
  using wire = sw::Rules<sw::member<&Message::place, sw::flatten>>;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
