// SPDX-License-Identifier: Apache-2.0
// Refused with: the format's Scanner: core/scanner.hpp
#include <structwire/streams.hpp>
#include <tests/compile_fail/prelude.hpp>

struct Codec : sw::json::Codec {
#ifdef STRUCTWIRE_MUST_FAIL
  using Scanner = int;
#endif
};

bool use(std::string_view bytes) {
  return sizeof(sw::Feed<Codec>) != 0 && bytes.empty();
}
