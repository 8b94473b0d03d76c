// SPDX-License-Identifier: Apache-2.0
// Refused with: two members, or a member and the tag, have the same wire name or alias
// Refused with: {"first"}
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int first = 0;
  int second = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::member<&Message::second, sw::name<"first">>>;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
