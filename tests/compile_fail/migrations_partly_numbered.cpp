// SPDX-License-Identifier: Apache-2.0
// Refused with: either all versions in Migrations have a rule
#include <structwire/contract/migrate.hpp>
#include <tests/compile_fail/prelude.hpp>

struct First {
  int a;
#ifndef STRUCTWIRE_MUST_FAIL
  using wire = sw::Rules<sw::version<1>>;
#endif
};
struct Second {
  int a;
  using wire = sw::Rules<sw::version<2>>;
};
Second migrate(First&& old) { return {old.a}; }
constexpr auto newest = sw::Migrations<First, Second>::latest_number;
