// SPDX-License-Identifier: Apache-2.0
// Refused with: the field of MigrationsByField is a required integer or Literal
#include <structwire/contract/decode_any_version.hpp>
#include <tests/compile_fail/prelude.hpp>

struct First {
  int a;
};
struct Second {
  int a;
#ifdef STRUCTWIRE_MUST_FAIL
  std::string version;
#else
  int version;
#endif
};
Second migrate(First&& old) { return {old.a, {}}; }
auto made = sw::decode_any_version<sw::MigrationsByField<"version", First, Second>>(sw::json::format(), {});
