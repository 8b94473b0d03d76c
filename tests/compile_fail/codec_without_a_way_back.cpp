// SPDX-License-Identifier: Apache-2.0
// Refused with: a codec has `wire_type`, `to_wire(const T&)` and `from_wire(wire_type)` for this type
#include <tests/compile_fail/prelude.hpp>

struct AsText {
  using wire_type = std::string;
  static std::string to_wire(int number);
#ifdef STRUCTWIRE_MUST_FAIL
  static int from_wire(double number);
#else
  static int from_wire(const std::string& text);
#endif
};
struct Message {
  int number = 0;
  using wire = sw::Rules<sw::member<&Message::number, sw::with<AsText>>>;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
