// SPDX-License-Identifier: Apache-2.0
// Refused with: only a member of a struct can be an sw::Unset
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::variant<sw::Unset<int>, std::string> member;
#else
  sw::Unset<std::variant<int, std::string>> member;
#endif
};

bool use() { return sw::json::encode(Message{}).empty(); }
