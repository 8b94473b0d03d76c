// SPDX-License-Identifier: Apache-2.0
// Refused with: a codec has `wire_type`, `to_wire(const T&)` and `from_wire(wire_type)` for this type
#include <tests/compile_fail/prelude.hpp>

struct AsText {
  using wire_type = std::string;
#ifdef STRUCTWIRE_MUST_FAIL
  static std::string to_wire(const std::vector<int>&) { return {}; }
  static std::vector<int> from_wire(const std::string&) { return {}; }
#else
  static std::string to_wire(int) { return {}; }
  static int from_wire(const std::string&) { return 0; }
#endif
};
struct Message {
  std::optional<int> number;
  using wire = sw::Rules<sw::member<&Message::number, sw::with<AsText>>>;
};

// Encoded only.
bool use() { return sw::json::encode(Message{}).empty(); }
