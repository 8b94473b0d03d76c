// SPDX-License-Identifier: Apache-2.0
// Refused with: only a member of a struct can be an sw::Unset
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::optional<sw::Unset<int>> member;
#else
  sw::Unset<std::optional<int>> member;
#endif
};

bool use(std::string_view text) { return sw::json::decode<Message>(text).has_value(); }
