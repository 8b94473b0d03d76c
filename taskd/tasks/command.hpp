// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/record.hpp>
#include <taskd/tasks/refusal.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What can be asked of the task engine, as plain data: doors make commands, the committer carries
/// them, the engine executes them. Payloads and results are canonical MessagePack bytes already.
namespace structwire::taskd {

/// A task to be stored; the fields mean what `api::SubmitTask` says.
struct NewTask {
  std::string queue;
  std::string type;
  SharedBytes payload;
  std::int32_t priority = 0;
  std::optional<std::int64_t> run_at_us;
  std::int32_t max_attempts = api::max_attempts_default;
  std::int64_t lease_ms = api::lease_ms_default;
};

/// All of `tasks` or none. `batch` only tells how a refusal names the member: `$.tasks[3].queue`
/// or `$.queue`.
struct Submit {
  std::vector<NewTask> tasks;
  bool batch = true;
};

/// Hands out at most `max` queued tasks: the highest priority first, then the oldest.
struct Claim {
  std::string queue;
  std::string worker;
  std::int64_t max = 1;
  std::optional<std::int64_t> lease_ms;  ///< absent: each task's own
};

struct Heartbeat {
  TaskId id = 0;
  Fence fence = 0;
  std::optional<std::int64_t> lease_ms;  ///< absent: the task's own
};

struct Complete {
  TaskId id = 0;
  Fence fence = 0;
  SharedBytes result;  ///< empty is stored as the one byte of null
};

struct Fail {
  TaskId id = 0;
  Fence fence = 0;
  std::string error;
  bool retry = true;
};

struct Cancel {
  TaskId id = 0;
};

/// Time has passed: scheduled tasks whose time came are queued, leases that ran out end. The
/// committer makes these itself; each handles a bounded number, `Store::next_due_us` tells whether
/// more are waiting.
struct Tick {};

/// Once after a start, before anything else: no lease ends sooner than
/// `min(lease_ms, recovery_grace)` from now, so that workers which outlived the daemon can report.
struct Recover {};

using Command = std::variant<Submit, Claim, Heartbeat, Complete, Fail, Cancel, Tick, Recover>;

/// What became of one command: the tasks it made, handed out or changed, as they are now (submit
/// and claim: in order; heartbeat, complete, fail, cancel: exactly one), or why nothing was done.
using Outcome = Attempt<std::vector<SharedTask>>;

}  // namespace structwire::taskd
