// SPDX-License-Identifier: Apache-2.0
// Refused with: this type cannot be a key in a format whose keys are text
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::map<std::vector<int>, int> entries;
#else
  std::map<int, int> entries;
#endif
};

bool use(std::string_view text) {
  const Message message{};
  return sw::json::encode(message).empty() && sw::json::decode<Message>(text).has_value();
}
