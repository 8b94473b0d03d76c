// SPDX-License-Identifier: Apache-2.0
// Refused with: long double has no portable wire form: use double
#include <tests/compile_fail/prelude.hpp>

struct Message {
  double good = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  long double bad = 0;
#endif
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
