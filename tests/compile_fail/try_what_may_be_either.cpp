// SPDX-License-Identifier: Apache-2.0
// Refused with: so none may be tried
#include <structwire/contract/decode_any_version.hpp>
#include <tests/compile_fail/prelude.hpp>

struct Cat {
  int age;
};
struct Dog {
#ifdef STRUCTWIRE_MUST_FAIL
  double age;
#else
  std::string age;
#endif
};
auto pet = sw::try_decode<Cat, Dog>(sw::json::format(), {});
