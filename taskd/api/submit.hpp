// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/raw.hpp>
#include <structwire/core/rules.hpp>
#include <taskd/api/limits.hpp>
#include <taskd/api/task_state.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Bodies of `POST /v1/tasks` and of the older `POST /queue`.
namespace structwire::taskd::api {

/// One task to be done. The payload is any value; absent means null.
struct SubmitTask {
  std::string queue;
  std::string type;
  Raw payload;
  std::int64_t priority = 0;
  std::optional<std::int64_t> run_at_us;  ///< not before; absent, null or past: at once
  std::int64_t max_attempts = max_attempts_default;
  std::int64_t lease_ms = lease_ms_default;  ///< the lease of a claim that names none

  using wire = Rules<
      member<&SubmitTask::queue, min_length(1), max_length(name_bytes_max)>,
      member<&SubmitTask::type, min_length(1), max_length(name_bytes_max)>,
      member<&SubmitTask::payload, defaulted>,
      member<&SubmitTask::priority, defaulted, between(priority_min, priority_max)>,
      member<&SubmitTask::run_at_us, between<std::int64_t>(0, json_integer_max)>,
      member<&SubmitTask::max_attempts, defaulted, between<std::int64_t>(1, max_attempts_max)>,
      member<&SubmitTask::lease_ms, defaulted, between(lease_ms_min, lease_ms_max)>>;
};

/// `{"tasks":[…]}`: all are stored, or none. A door decodes this first; where `tasks` is absent the
/// body is one SubmitTask, and is decoded as that, so that messages name the right path.
struct SubmitBatch {
  std::optional<std::vector<SubmitTask>> tasks;

  using wire = Rules<member<&SubmitBatch::tasks, max_length(batch_tasks_max)>>;
};

/// The answer for one task, 201.
struct Submitted {
  std::uint64_t id = 0;
  TaskState state = TaskState::queued;
};

/// The answer for a batch, in the order of the request, 201.
struct SubmittedBatch {
  std::vector<Submitted> tasks;
};

/// `POST /queue` of document 003: the queue is `default`.
struct QueueRequest {
  std::string task_type;
  Raw task_data;

  using wire = Rules<member<&QueueRequest::task_type, min_length(1), max_length(name_bytes_max)>,
                     member<&QueueRequest::task_data, defaulted>>;
};

struct QueueAnswer {
  std::uint64_t task_id = 0;
};

/// The queue `POST /queue` submits to.
inline constexpr std::string_view queue_default = "default";

}  // namespace structwire::taskd::api
