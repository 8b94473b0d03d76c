// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/command.hpp>
#include <taskd/tasks/record.hpp>
#include <taskd/tasks/refusal.hpp>

#include <cstdint>
#include <string_view>

/// The rules of a task's life: pure functions from (record, command, time) to the next record or
/// the reason why there is none. No clock, no store, no threads; `engine.hpp` applies them.
///
/// What must always hold, whatever the order of commands:
/// - a final state never changes;
/// - heartbeat, complete and fail need `running` and the very fence of the last claim;
/// - `attempt` never decreases, and counts claims; `fence` never decreases;
/// - at most one result is ever accepted.
namespace structwire::taskd {

/// Backoff before attempt 2, 3, …: `backoff_first_us` doubled each time up to `backoff_max_us`, of
/// which a part between one half and all is taken (jitter), fixed by task and attempt.
inline constexpr std::int64_t backoff_first_us = 1'000'000;
inline constexpr std::int64_t backoff_max_us = 3'600'000'000;
[[nodiscard]] std::int64_t backoff_us(TaskId id, std::int32_t attempt);

/// How long a lease is left alone after a restart, at most.
inline constexpr std::int64_t recovery_grace_us = 10'000'000;

/// Checks names and limits of a task to be made. `member` is the path of the task in the request.
[[nodiscard]] Attempt<void> check(const NewTask& task, std::string_view member);
[[nodiscard]] Attempt<void> check(const Claim& claim);

/// A new task: queued, or scheduled when its time is still to come.
[[nodiscard]] TaskRecord created(const NewTask& task, TaskId id, std::int64_t now_us);

/// The record of a queued task handed to a worker; counts the attempt.
[[nodiscard]] TaskRecord claimed(const TaskRecord& task, const Claim& claim, Fence fence,
                                 std::int64_t now_us);

/// The lease now ends `lease_ms` from now, also where that is sooner than before. A lease that ran
/// out but was not ended yet is still the worker's. Otherwise `lease_lost`.
[[nodiscard]] Attempt<TaskRecord> extended(const TaskRecord& task, const Heartbeat& command,
                                           std::int64_t now_us);

/// Succeeded with a result. The same again is answered with the record as it is; anything else
/// against the fence or state is `lease_lost`; a result over its limit is `too_large`.
[[nodiscard]] Attempt<TaskRecord> completed(const TaskRecord& task, const Complete& command,
                                            std::int64_t now_us);

/// Scheduled again after a backoff, or dead; the error is kept either way.
[[nodiscard]] Attempt<TaskRecord> failed(const TaskRecord& task, const Fail& command,
                                         std::int64_t now_us);

/// Cancelled from every state that is not final, which takes the lease from its worker. A cancelled
/// task is answered as it is; succeeded and dead ones are `task_final`.
[[nodiscard]] Attempt<TaskRecord> cancelled(const TaskRecord& task, std::int64_t now_us);

/// What time does to a task that `is_due`: scheduled -> queued, running -> as a failure with the
/// error "lease expired".
[[nodiscard]] bool is_due(const TaskRecord& task, std::int64_t now_us);
[[nodiscard]] TaskRecord elapsed(const TaskRecord& task, std::int64_t now_us);

/// A running task after a restart: the lease lasts at least `min(lease_ms, recovery_grace)` from
/// now, and at most the longest lease there is (the wall clock may have been set back).
[[nodiscard]] TaskRecord recovered(const TaskRecord& task, std::int64_t now_us);

}  // namespace structwire::taskd
