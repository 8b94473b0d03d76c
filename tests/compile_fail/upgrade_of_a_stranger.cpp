// SPDX-License-Identifier: Apache-2.0
// Refused with: upgrade takes one of the versions
#include <structwire/contract/migrate.hpp>
#include <tests/compile_fail/prelude.hpp>

struct First {
  int a;
};
struct Second {
  int a;
};
struct Stranger {
  int a;
};
Second migrate(First&& old) { return {old.a}; }
#ifdef STRUCTWIRE_MUST_FAIL
Second made = sw::Migrations<First, Second>::upgrade(Stranger{1});
#else
Second made = sw::Migrations<First, Second>::upgrade(First{1});
#endif
