// SPDX-License-Identifier: Apache-2.0
// Refused with: list them with `using wire = sw::Rules<sw::members<
#include <tests/compile_fail/prelude.hpp>

class Message {
 public:
  Message() {}

 private:
  int number_ = 0;
#ifndef STRUCTWIRE_MUST_FAIL
 public:
  using wire = sw::Rules<sw::members<&Message::number_>>;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
