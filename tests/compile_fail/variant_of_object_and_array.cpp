// SPDX-License-Identifier: Apache-2.0
// Refused with: tagged structs in one std::variant are all objects or all array-like
#include <tests/compile_fail/prelude.hpp>

struct Circle {
  double radius = 0;
  using wire = sw::Rules<sw::tagged>;
};
struct Square {
  double side = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::tagged, sw::array_like>;
#else
  using wire = sw::Rules<sw::tagged>;
#endif
};
struct Message {
  std::variant<Circle, Square> shape;
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
