// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/rules.hpp>
#include <taskd/api/limits.hpp>
#include <taskd/api/submit.hpp>
#include <taskd/api/task.hpp>
#include <taskd/api/work.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The task API as active messages: what HTTP says in a path or query stands in the request, everything else is the
/// same. A refusal is an answer, an ErrorBody; one that may pass (overloaded, draining, a full disk) is a nack instead,
/// which senders try again by themselves.
namespace structwire::taskd::api {

/// Names of the handlers.
namespace handler {
inline constexpr std::string_view submit = "tasks.submit";        ///< SubmitTasks -> SubmittedBatch
inline constexpr std::string_view claim = "tasks.claim";          ///< ClaimFrom -> ClaimAnswer
inline constexpr std::string_view heartbeat = "tasks.heartbeat";  ///< HeartbeatBatch -> BatchAnswer
inline constexpr std::string_view complete = "tasks.complete";    ///< CompleteBatch -> BatchAnswer
inline constexpr std::string_view fail = "tasks.fail";            ///< FailBatch -> BatchAnswer
inline constexpr std::string_view cancel = "tasks.cancel";        ///< CancelBatch -> BatchAnswer
inline constexpr std::string_view show = "tasks.show";            ///< TaskNumber -> Task
inline constexpr std::string_view list = "tasks.list";            ///< ListTasks -> TaskList
inline constexpr std::string_view ready = "tasks.ready";          ///< HealthQuestion -> Health
}  // namespace handler

/// All are stored, or none.
struct SubmitTasks {
  std::vector<SubmitTask> tasks;

  using wire = Rules<member<&SubmitTasks::tasks, max_length(batch_tasks_max)>>;
};

/// A claim and the queue that it is for.
struct ClaimFrom {
  std::string queue;
  std::string worker;
  std::int64_t max = 1;
  std::optional<std::int64_t> lease_ms;  ///< absent: each task's own
  std::int64_t wait_ms = 0;              ///< how long an empty queue may hold the answer back

  using wire = Rules<member<&ClaimFrom::queue, min_length(1), max_length(name_bytes_max)>,
                     member<&ClaimFrom::worker, max_length(worker_bytes_max)>,
                     member<&ClaimFrom::max, defaulted, between<std::int64_t>(1, batch_tasks_max)>,
                     member<&ClaimFrom::lease_ms, between(lease_ms_min, lease_ms_max)>,
                     member<&ClaimFrom::wait_ms, defaulted, between<std::int64_t>(0, wait_ms_max)>>;
};

struct TaskNumber {
  std::uint64_t id = 0;
};

struct ListTasks {
  std::optional<std::string> queue;
  std::optional<TaskState> state;
  std::uint64_t after = 0;
  std::int64_t limit = 100;

  using wire = Rules<member<&ListTasks::after, defaulted>,
                     member<&ListTasks::limit, defaulted, between<std::int64_t>(1, list_tasks_max)>>;
};

struct HealthQuestion {};

}  // namespace structwire::taskd::api
