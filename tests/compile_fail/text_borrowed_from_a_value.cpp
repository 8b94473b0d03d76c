// SPDX-License-Identifier: Apache-2.0
// Refused with: this format has no bytes that text could be borrowed from: use std::string
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::string_view text;
#else
  std::string text;
#endif
};

bool use(const sw::Value& value) { return sw::convert<Message>(value).has_value(); }
