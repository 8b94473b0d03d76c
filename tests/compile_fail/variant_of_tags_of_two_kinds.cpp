// SPDX-License-Identifier: Apache-2.0
// Refused with: the structs in a std::variant have tags of one kind, text or integer, in one field
#include <tests/compile_fail/prelude.hpp>

struct Circle {
  double radius = 0;
  using wire = sw::Rules<sw::tag<"circle">>;
};
struct Square {
  double side = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::tag<4>>;
#else
  using wire = sw::Rules<sw::tag<"square">>;
#endif
};
struct Message {
  std::variant<Circle, Square> shape;
};

bool use(std::string_view bytes) { return sw::msgpack::decode<Message>(bytes).has_value(); }
