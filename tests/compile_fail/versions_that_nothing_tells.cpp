// SPDX-License-Identifier: Apache-2.0
// Refused with: nothing in these versions tells them apart
#include <structwire/contract/decode_any_version.hpp>
#include <tests/compile_fail/prelude.hpp>

struct First {
  int a;
#ifndef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::forbid_unknown_fields>;
#endif
};
struct Second {
  int a;
  int b;
};
Second migrate(First&& old) { return {old.a, 0}; }
auto made = sw::decode_any_version<sw::Migrations<First, Second>>(sw::json::format(), {});
