// SPDX-License-Identifier: Apache-2.0
// Refused with: there is no way back to this version
#include <structwire/contract/migrate.hpp>
#include <tests/compile_fail/prelude.hpp>

struct First {
  int a;
};
struct Second {
  int a;
};
Second migrate(First&& old) { return {old.a}; }
#ifndef STRUCTWIRE_MUST_FAIL
First migrate_back(Second&& newer) { return {newer.a}; }
#endif
First made = sw::Migrations<First, Second>::downgrade<First>(Second{1});
