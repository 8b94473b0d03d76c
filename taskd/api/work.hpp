// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/raw.hpp>
#include <structwire/core/rules.hpp>
#include <taskd/api/limits.hpp>
#include <taskd/api/task.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Bodies of the calls a worker makes: claim, heartbeat, complete, fail; and of cancel.
/// The batch forms carry the same members plus `id`; every entry is answered for itself.
namespace structwire::taskd::api {

/// `POST /v1/queues/QUEUE/claim`.
struct ClaimRequest {
  std::string worker;
  std::int64_t max = 1;
  std::optional<std::int64_t> lease_ms;  ///< absent: each task's own
  std::int64_t wait_ms = 0;              ///< how long an empty queue may hold the answer back

  using wire =
      Rules<member<&ClaimRequest::worker, max_length(worker_bytes_max)>,
            member<&ClaimRequest::max, defaulted, between<std::int64_t>(1, batch_tasks_max)>,
            member<&ClaimRequest::lease_ms, between(lease_ms_min, lease_ms_max)>,
            member<&ClaimRequest::wait_ms, defaulted, between<std::int64_t>(0, wait_ms_max)>>;
};

/// A task as handed to the worker that claimed it.
struct ClaimedTask {
  std::uint64_t id = 0;
  std::string queue;
  std::string type;
  std::uint64_t fence = 0;  ///< never repeats, and grows; usable as a fencing token elsewhere
  std::int64_t attempt = 0;
  std::int64_t max_attempts = 0;
  std::int64_t lease_until_us = 0;
  Raw payload;

  using wire = Rules<member<&ClaimedTask::payload, defaulted>>;
};

/// Empty when there was nothing to do.
struct ClaimAnswer {
  std::vector<ClaimedTask> tasks;
};

struct HeartbeatRequest {
  std::uint64_t fence = 0;
  std::optional<std::int64_t> lease_ms;  ///< absent: the task's own

  using wire = Rules<member<&HeartbeatRequest::lease_ms, between(lease_ms_min, lease_ms_max)>>;
};

struct HeartbeatAnswer {
  std::int64_t lease_until_us = 0;
};

/// Answered with the Task. The same again (fence, and result by its canonical bytes) gets the first
/// answer, so that a lost answer is harmless.
struct CompleteRequest {
  std::uint64_t fence = 0;
  Raw result;

  using wire = Rules<member<&CompleteRequest::result, defaulted>>;
};

/// Answered with the Task: `scheduled` after a backoff, or `dead`.
struct FailRequest {
  std::uint64_t fence = 0;
  std::string error;
  bool retry = true;

  using wire =
      Rules<member<&FailRequest::error, defaulted>, member<&FailRequest::retry, defaulted>>;
};

struct HeartbeatItem {
  std::uint64_t id = 0;
  std::uint64_t fence = 0;
  std::optional<std::int64_t> lease_ms;

  using wire = Rules<member<&HeartbeatItem::lease_ms, between(lease_ms_min, lease_ms_max)>>;
};

struct CompleteItem {
  std::uint64_t id = 0;
  std::uint64_t fence = 0;
  Raw result;

  using wire = Rules<member<&CompleteItem::result, defaulted>>;
};

struct FailItem {
  std::uint64_t id = 0;
  std::uint64_t fence = 0;
  std::string error;
  bool retry = true;

  using wire = Rules<member<&FailItem::error, defaulted>, member<&FailItem::retry, defaulted>>;
};

struct CancelItem {
  std::uint64_t id = 0;
};

/// `{"tasks":[…]}` of a batch form.
template <class Item>
struct Batch {
  std::vector<Item> tasks;

  using wire = Rules<member<&Batch::tasks, max_length(batch_tasks_max)>>;
};

using HeartbeatBatch = Batch<HeartbeatItem>;
using CompleteBatch = Batch<CompleteItem>;
using FailBatch = Batch<FailItem>;
using CancelBatch = Batch<CancelItem>;

/// One entry's own answer: either `state` (with `lease_until_us` while running), or `error`.
struct BatchEntry {
  std::uint64_t id = 0;
  std::optional<TaskState> state;
  std::optional<std::int64_t> lease_until_us;
  std::optional<ErrorBody> error;

  using wire =
      Rules<member<&BatchEntry::state, omit_empty>, member<&BatchEntry::lease_until_us, omit_empty>,
            member<&BatchEntry::error, omit_empty>>;
};

/// In the order of the request, always 200.
struct BatchAnswer {
  std::vector<BatchEntry> tasks;
};

}  // namespace structwire::taskd::api
