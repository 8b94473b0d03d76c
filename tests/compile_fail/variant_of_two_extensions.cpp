// SPDX-License-Identifier: Apache-2.0
// Refused with: a std::variant holds one extension alternative
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::variant<sw::Ext, sw::Annotated<sw::Ext>> either;
#else
  std::variant<sw::Ext, std::string> either;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
