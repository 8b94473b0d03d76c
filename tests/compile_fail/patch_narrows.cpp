// SPDX-License-Identifier: Apache-2.0
// Refused with: types differ, or a number could be narrowed
#include <tests/compile_fail/prelude.hpp>

#include <structwire/core/patch.hpp>

struct Task {
  std::optional<std::int32_t> priority;
};
struct TaskPatch {
#ifdef STRUCTWIRE_MUST_FAIL
  sw::Unset<std::int64_t> priority;
#else
  sw::Unset<std::int32_t> priority;
#endif
};

void use(Task& task, const TaskPatch& patch) { sw::apply_patch(task, patch); }
