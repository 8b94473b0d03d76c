// SPDX-License-Identifier: Apache-2.0
// Refused with: a literal of several kinds needs a self-describing format
#include <tests/compile_fail/prelude.hpp>

struct Message {
  sw::Literal<1, 2> good;
#ifdef STRUCTWIRE_MUST_FAIL
  sw::Literal<1, "auto"> bad;
#endif
};

bool use(std::span<const std::byte> bytes) {
  Message message;
  structwire::testing::positional::Reader reader(bytes, sw::DecodeOptions());
  return sw::decode_whole(reader, message).has_value();
}
