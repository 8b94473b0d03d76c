// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/enum_table.hpp>

#include <array>
#include <string_view>

namespace structwire::taskd::api {

/// Where a task is in its life; on the wire the enumerator's name, in stores its number.
///
///     scheduled -> queued -> running -> succeeded
///         ^                    |   `--> dead        (attempts used up, or told not to retry)
///         `---- backoff -------'        cancelled   (from each of the first three)
enum class TaskState {
  scheduled = 0,  ///< waits for its time, also between two attempts
  queued = 1,     ///< may be claimed
  running = 2,    ///< leased to a worker
  succeeded = 3,  ///< final, with a result
  dead = 4,       ///< final, given up; its errors say why
  cancelled = 5,  ///< final, on request
};

inline constexpr std::array<TaskState, 6> task_states = {
    TaskState::scheduled, TaskState::queued, TaskState::running,
    TaskState::succeeded, TaskState::dead,   TaskState::cancelled};

/// Final states never change again.
[[nodiscard]] constexpr bool is_final(TaskState state) { return state >= TaskState::succeeded; }

[[nodiscard]] constexpr std::string_view name(TaskState state) {
  constexpr std::array<std::string_view, 6> names = {"scheduled", "queued", "running",
                                                     "succeeded", "dead",   "cancelled"};
  return names[static_cast<unsigned>(state)];
}

}  // namespace structwire::taskd::api

template <>
inline constexpr auto structwire::enum_values<structwire::taskd::api::TaskState> =
    structwire::by_name<
        structwire::taskd::api::TaskState::scheduled, structwire::taskd::api::TaskState::queued,
        structwire::taskd::api::TaskState::running, structwire::taskd::api::TaskState::succeeded,
        structwire::taskd::api::TaskState::dead, structwire::taskd::api::TaskState::cancelled>;
