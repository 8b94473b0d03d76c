// SPDX-License-Identifier: Apache-2.0
// Refused with: a version has no way to the next
#include <structwire/contract/migrate.hpp>
#include <tests/compile_fail/prelude.hpp>

struct First {
  int a;
};
struct Second {
  int a;
};
struct Third {
  int b;
};
Second migrate(First&& old) { return {old.a}; }
#ifndef STRUCTWIRE_MUST_FAIL
Third migrate(Second&& old) { return {old.a}; }
#else
Third migrate(First&& old, int);  // Not what is looked for.
#endif
Third newest = sw::Migrations<First, Second, Third>::upgrade(First{1});
