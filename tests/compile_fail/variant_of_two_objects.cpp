// SPDX-License-Identifier: Apache-2.0
// Refused with: a std::variant holds one object-like alternative, or structs that all have a tag
#include <tests/compile_fail/prelude.hpp>

struct Circle {
  double radius = 0;
  using wire = sw::Rules<sw::tagged>;
};
struct Square {
  double side = 0;
#ifndef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::tagged>;
#endif
};
struct Message {
  std::variant<Circle, Square> shape;
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
