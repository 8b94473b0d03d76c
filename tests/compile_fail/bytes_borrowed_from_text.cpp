// SPDX-License-Identifier: Apache-2.0
// Refused with: bytes cannot be borrowed from a format that holds them as text: use sw::Bytes
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  sw::BytesView bytes;
#else
  sw::Bytes bytes;
#endif
};

bool use(std::string_view text) { return sw::json::decode<Message>(text).has_value(); }
