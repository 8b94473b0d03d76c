// SPDX-License-Identifier: Apache-2.0
// Refused with: replace takes members of this struct
#include <tests/compile_fail/prelude.hpp>

#include <structwire/core/replace.hpp>

struct Task {
  std::string title;
};
struct Other {
  std::string title;
};

#ifdef STRUCTWIRE_MUST_FAIL
Task use(const Task& task) { return sw::replace(task, sw::set<&Other::title>("a")); }
#else
Task use(const Task& task) { return sw::replace(task, sw::set<&Task::title>("a")); }
#endif
