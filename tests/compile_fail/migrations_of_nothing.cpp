// SPDX-License-Identifier: Apache-2.0
// Refused with: Migrations lists at least one version
#include <structwire/contract/migrate.hpp>
#include <tests/compile_fail/prelude.hpp>

struct Only {
  int a;
};
#ifdef STRUCTWIRE_MUST_FAIL
using Versions = sw::Migrations<>;
#else
using Versions = sw::Migrations<Only>;
#endif
constexpr std::size_t size = Versions::size;
