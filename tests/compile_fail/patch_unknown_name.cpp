// SPDX-License-Identifier: Apache-2.0
// Refused with: a member of the patch has no member of that name in the base
#include <tests/compile_fail/prelude.hpp>

#include <structwire/core/patch.hpp>

struct Task {
  std::string title;
};
struct TaskPatch {
#ifdef STRUCTWIRE_MUST_FAIL
  sw::Unset<std::string> titel;
#else
  sw::Unset<std::string> title;
#endif
};

void use(Task& task, const TaskPatch& patch) { sw::apply_patch(task, patch); }
