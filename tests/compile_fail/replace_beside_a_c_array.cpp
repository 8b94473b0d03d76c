// SPDX-License-Identifier: Apache-2.0
// Refused with: replace cannot make a struct with const members anew when it has C arrays
#include <tests/compile_fail/prelude.hpp>

#include <structwire/core/replace.hpp>

struct Task {
  const int priority = 0;
#ifdef STRUCTWIRE_MUST_FAIL
  int counts[2]{};
#else
  std::array<int, 2> counts{};
#endif
};

Task use(const Task& task) { return sw::replace(task, sw::set<&Task::priority>(9)); }
