// SPDX-License-Identifier: Apache-2.0
// Refused with: keep_unknown_fields is for a map from std::string to sw::Raw or sw::Value
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::vector<sw::Raw> others;
#else
  std::map<std::string, sw::Raw> others;
#endif
  using wire = sw::Rules<sw::member<&Message::others, sw::keep_unknown_fields>>;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
