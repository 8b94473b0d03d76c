// SPDX-License-Identifier: Apache-2.0
// Refused with: a std::variant holds one array-like alternative, or array-like structs that all have a tag
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::variant<std::vector<int>, std::vector<bool>> either;
#else
  std::variant<std::vector<int>, bool> either;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
