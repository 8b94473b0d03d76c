// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/raw.hpp>
#include <structwire/core/rules.hpp>
#include <taskd/api/error_map.hpp>
#include <taskd/api/task_state.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The wire structs of the task API: plain aggregates, rendered by every door in the asker's
/// format. Times are microseconds since the Unix epoch, durations milliseconds; absent optional
/// members are left out unless said otherwise. New members may come, these names stay.
namespace structwire::taskd::api {

/// One attempt that did not succeed.
struct TaskError {
  std::int64_t attempt = 0;  ///< which one, from 1
  std::int64_t at_us = 0;
  std::string worker;
  std::string message;
};

/// A task as `GET /v1/tasks/ID` shows it. The fence is deliberately not a member: only the worker
/// that claimed the task knows it.
struct Task {
  std::uint64_t id = 0;
  std::string queue;
  std::string type;
  TaskState state = TaskState::queued;
  std::int64_t attempt = 0;  ///< attempts started so far
  std::int64_t max_attempts = 0;
  std::int64_t priority = 0;
  std::int64_t lease_ms = 0;
  std::int64_t created_at_us = 0;
  std::optional<std::int64_t> run_at_us;       ///< while scheduled: when it becomes claimable
  std::optional<std::int64_t> lease_until_us;  ///< while running
  std::optional<std::int64_t> finished_at_us;  ///< once final
  std::string worker;                          ///< who claimed it last
  Raw payload;
  Raw result;                     ///< once succeeded, also when it is null
  std::vector<TaskError> errors;  ///< the last few, oldest first

  using wire =
      Rules<member<&Task::run_at_us, omit_empty>, member<&Task::lease_until_us, omit_empty>,
            member<&Task::finished_at_us, omit_empty>, member<&Task::worker, defaulted, omit_empty>,
            member<&Task::payload, defaulted>, member<&Task::result, defaulted, omit_empty>,
            member<&Task::errors, defaulted>>;
};

/// One page of `GET /v1/tasks`, ascending by id.
struct TaskList {
  std::vector<Task> tasks;
  std::optional<std::uint64_t> next;  ///< pass as `after` for the next page; null on the last
};

/// The body of every error, as `application/problem+json` or its MessagePack twin.
/// `code` is text, not the enum, so that an old client can still read a new daemon's codes.
struct ErrorBody {
  std::string code;
  std::string message;
  std::optional<std::string> path;      ///< where the schema refused it, e.g. `$.priority`
  std::optional<std::uint64_t> offset;  ///< the byte where the syntax broke

  using wire = Rules<member<&ErrorBody::path, omit_empty>, member<&ErrorBody::offset, omit_empty>>;
};

/// The answer of `/livez` and `/readyz`.
struct Health {
  std::string status;  ///< `ok`, or a code's name
};

}  // namespace structwire::taskd::api
