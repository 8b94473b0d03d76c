// SPDX-License-Identifier: Apache-2.0
// Refused with: a std::variant holds one floating-point alternative
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::variant<float, double> either;
#else
  std::variant<int, double> either;
#endif
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
