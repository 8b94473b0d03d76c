// SPDX-License-Identifier: Apache-2.0
// Refused with: sw::Ext needs a self-describing format
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int number = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  sw::Ext bad;
#endif
};

bool use(std::span<const std::byte> bytes) {
  Message message;
  structwire::testing::positional::Reader reader(bytes, sw::DecodeOptions());
  return sw::decode_whole(reader, message).has_value();
}
