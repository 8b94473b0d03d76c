// SPDX-License-Identifier: Apache-2.0
// Refused with: an Encoder or Decoder takes rules of structs
#include <tests/compile_fail/prelude.hpp>

struct Message {
  int first = 0;
};

bool use() {
#ifdef STRUCTWIRE_MUST_FAIL
  sw::json::Encoder<sw::omit_empty> encoder;
#else
  sw::json::Encoder<sw::omit_defaults> encoder;
#endif
  return encoder.encode(Message{}).has_value();
}
