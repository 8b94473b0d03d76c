// SPDX-License-Identifier: Apache-2.0
// Refused with: a std::variant holds one text-like alternative
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::variant<std::string, sw::Decimal> either;
#else
  std::variant<int, sw::Decimal> either;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
