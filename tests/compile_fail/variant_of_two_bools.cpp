// SPDX-License-Identifier: Apache-2.0
// Refused with: a std::variant holds one alternative for bool and one for null
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::variant<bool, sw::Annotated<bool>> either;
#else
  std::variant<bool, std::monostate> either;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
