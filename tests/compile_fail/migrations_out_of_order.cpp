// SPDX-License-Identifier: Apache-2.0
// Refused with: versions stand in Migrations from the oldest to the newest
#include <structwire/contract/migrate.hpp>
#include <tests/compile_fail/prelude.hpp>

#ifdef STRUCTWIRE_MUST_FAIL
constexpr std::uint32_t first = 3;
#else
constexpr std::uint32_t first = 1;
#endif
struct First {
  int a;
  using wire = sw::Rules<sw::version<first>>;
};
struct Second {
  int a;
  using wire = sw::Rules<sw::version<2>>;
};
Second migrate(First&& old) { return {old.a}; }
constexpr auto newest = sw::Migrations<First, Second>::latest_number;
