// SPDX-License-Identifier: Apache-2.0
// Refused with: only a member of a struct can be an sw::Unset
#include <tests/compile_fail/prelude.hpp>

struct Message {
  sw::Unset<int> member;
};

#ifdef STRUCTWIRE_MUST_FAIL
using Whole = sw::Unset<Message>;
#else
using Whole = Message;
#endif

bool use(std::string_view text) { return sw::json::decode<Whole>(text).has_value(); }
