// SPDX-License-Identifier: Apache-2.0
// Refused with: replace cannot assign to a const member, and makes only aggregates without bases anew
#include <tests/compile_fail/prelude.hpp>

#include <structwire/core/replace.hpp>

struct Base {};
#ifdef STRUCTWIRE_MUST_FAIL
struct Task : Base {
#else
struct Task {
#endif
  const int priority = 0;
};

Task use(const Task& task) { return sw::replace(task, sw::set<&Task::priority>(9)); }
