// SPDX-License-Identifier: Apache-2.0
// Refused with: replace names a member twice
#include <tests/compile_fail/prelude.hpp>

#include <structwire/core/replace.hpp>

struct Task {
  int priority = 0;
  int count = 0;
};
#ifdef STRUCTWIRE_MUST_FAIL
constexpr auto second = &Task::priority;
#else
constexpr auto second = &Task::count;
#endif

Task use(const Task& task) { return sw::replace(task, sw::set<&Task::priority>(9), sw::set<second>(8)); }
