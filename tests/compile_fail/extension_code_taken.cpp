// SPDX-License-Identifier: Apache-2.0
// Refused with: this extension code belongs to another type
#include <tests/compile_fail/prelude.hpp>

struct Complex {
  double real = 0;
};
template <>
struct structwire::extension_for<Complex> {
  static constexpr std::int8_t code = 17;
  static sw::Bytes to_bytes(const Complex& value);
  static Complex from_bytes(std::span<const std::byte> bytes);
};
template <>
struct structwire::extension_code<17> {
#ifdef STRUCTWIRE_MUST_FAIL
  using type = int;
#else
  using type = Complex;
#endif
};
struct Message {
  Complex number;
};

bool use(std::string_view bytes) {
  const Message message{};
  return sw::msgpack::encode(message).empty() && sw::msgpack::decode<Message>(bytes).has_value();
}
