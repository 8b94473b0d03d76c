// SPDX-License-Identifier: Apache-2.0
// Refused with: aware and naive are for DateTime and TimeOfDay
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::chrono::year_month_day at{};
#else
  sw::DateTime at;
#endif
  using wire = sw::Rules<sw::member<&Message::at, sw::aware>>;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
