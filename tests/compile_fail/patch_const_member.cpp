// SPDX-License-Identifier: Apache-2.0
// Refused with: apply_patch changes the object in place, so no member is const
#include <tests/compile_fail/prelude.hpp>

#include <structwire/core/patch.hpp>

struct Task {
#ifdef STRUCTWIRE_MUST_FAIL
  const int priority = 0;
#else
  int priority = 0;
#endif
};
struct TaskPatch {
  sw::Unset<int> priority;
};

void use(Task& task, const TaskPatch& patch) { sw::apply_patch(task, patch); }
