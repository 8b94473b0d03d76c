// SPDX-License-Identifier: Apache-2.0
// Refused with: list the enum's values
#include <tests/compile_fail/prelude.hpp>

enum class Color { red, green };
#ifndef STRUCTWIRE_MUST_FAIL
template <>
inline constexpr auto structwire::enum_values<Color> = structwire::by_name<Color::red, Color::green>;
#endif
struct Message {
  Color color = Color::red;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
