// SPDX-License-Identifier: Apache-2.0
// Refused with: this format cannot carry a std::variant
#include <tests/support/numbered/reader.hpp>
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int number = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  std::variant<int, bool> bad;
#endif
};

bool use(std::span<const std::byte> bytes) {
  Message message;
  structwire::testing::numbered::Reader reader(bytes, sw::DecodeOptions());
  return sw::decode_whole(reader, message).has_value();
}
