// SPDX-License-Identifier: Apache-2.0
// Refused with: two structs in a std::variant have the same tag
#include <tests/compile_fail/prelude.hpp>

struct Circle {
  double radius = 0;
  using wire = sw::Rules<sw::tag<"round">>;
};
struct Square {
  double side = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::tag<"round">>;
#else
  using wire = sw::Rules<sw::tag<"square">>;
#endif
};
struct Message {
  std::variant<Circle, Square> shape;
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
