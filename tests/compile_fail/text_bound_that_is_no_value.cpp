// SPDX-License-Identifier: Apache-2.0
// Refused with: a bound that is text is written as a value of its member
#include <tests/compile_fail/prelude.hpp>

struct Message {
  std::optional<sw::Decimal> price;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::member<&Message::price, sw::ge("abc")>>;
#else
  using wire = sw::Rules<sw::member<&Message::price, sw::ge("0.01"), sw::lt("1e6")>>;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
