// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/api/submit.hpp>
#include <taskd/api/task.hpp>
#include <taskd/api/work.hpp>
#include <taskd/tasks/command.hpp>

#include <vector>

/// Records as the wire structs of answers; the way in is `convert.hpp`.
namespace structwire::taskd::doors {

[[nodiscard]] api::Task render_task(const TaskRecord& record);
[[nodiscard]] api::ClaimedTask render_claimed(const TaskRecord& record);
[[nodiscard]] api::Submitted render_submitted(const TaskRecord& record);

/// One entry of a batch answer: the task `id` after its command, or why it was refused.
[[nodiscard]] api::BatchEntry render_entry(TaskId id, const Outcome& outcome);

[[nodiscard]] api::ErrorBody render_error(const Refusal& refusal);

/// When a unit as a whole was not stored, all its entries carry the same refusal of the store: that is the answer's own,
/// so that clients see it without looking inside. nullptr where it was stored.
[[nodiscard]] const Refusal* refusal_of_all(const std::vector<Outcome>& outcomes);

}  // namespace structwire::taskd::doors
