// SPDX-License-Identifier: Apache-2.0
// Refused with: a bound that is text is for dates, durations and decimals
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  int value = 0;
#else
  sw::Decimal value;
#endif
  using wire = sw::Rules<sw::member<&Message::value, sw::ge("1")>>;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
