// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/api/submit.hpp>
#include <taskd/api/task.hpp>
#include <taskd/api/work.hpp>
#include <taskd/tasks/command.hpp>

/// Records as the wire structs of answers; the way in is `convert.hpp`.
namespace structwire::taskd::http {

[[nodiscard]] api::Task render_task(const TaskRecord& record);
[[nodiscard]] api::ClaimedTask render_claimed(const TaskRecord& record);
[[nodiscard]] api::Submitted render_submitted(const TaskRecord& record);

/// One entry of a batch answer: the task `id` after its command, or why it was refused.
[[nodiscard]] api::BatchEntry render_entry(TaskId id, const Outcome& outcome);

[[nodiscard]] api::ErrorBody render_error(const Refusal& refusal);

}  // namespace structwire::taskd::http
