// SPDX-License-Identifier: Apache-2.0
// Refused with: to clear a member that is no optional, the base must have its initializers
#include <tests/compile_fail/prelude.hpp>

#include <structwire/core/patch.hpp>

struct Task {
  int priority;
#ifdef STRUCTWIRE_MUST_FAIL
  int& count;
  using wire = sw::Rules<sw::members<&Task::priority>>;
#endif
};
struct TaskPatch {
  sw::Unset<std::optional<int>> priority;
};

void use(Task& task, const TaskPatch& patch) { sw::apply_patch(task, patch); }
