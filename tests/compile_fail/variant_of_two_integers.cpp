// SPDX-License-Identifier: Apache-2.0
// Refused with: a std::variant holds one integer-like alternative: nothing in the input could tell two apart
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::variant<int, std::int64_t> either;
#else
  std::variant<std::string, std::int64_t> either;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
