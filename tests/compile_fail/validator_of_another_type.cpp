// SPDX-License-Identifier: Apache-2.0
// Refused with: validated_by takes a function that can be called with the const value
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
bool is_good(int& number);
#else
bool is_good(int number);
#endif
struct Message {
  int number = 0;
  using wire = sw::Rules<sw::member<&Message::number, sw::validated_by<is_good>>>;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
