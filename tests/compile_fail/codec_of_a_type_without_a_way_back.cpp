// SPDX-License-Identifier: Apache-2.0
// Refused with: codec_for<T> has `wire_type`, `to_wire(const T&)` and `from_wire(wire_type)`
#include <tests/compile_fail/prelude.hpp>

enum class Degrees {};
template <>
struct structwire::codec_for<Degrees> {
  using wire_type = int;
  static int to_wire(Degrees degrees);
#ifndef STRUCTWIRE_MUST_FAIL
  static Degrees from_wire(int degrees);
#endif
};
struct Message {
  Degrees degrees{};
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
