// SPDX-License-Identifier: Apache-2.0
// Refused with: hex and base64url are for members that hold bytes
#include <tests/compile_fail/prelude.hpp>

struct Message {
#ifdef STRUCTWIRE_MUST_FAIL
  std::vector<sw::Bytes> digests;
  using wire = sw::Rules<sw::member<&Message::digests, sw::hex>>;
#else
  std::vector<sw::Annotated<sw::Bytes, sw::hex>> digests;
#endif
};

std::string use(const Message& message) { return sw::json::encode(message); }
