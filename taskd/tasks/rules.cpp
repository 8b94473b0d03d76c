// SPDX-License-Identifier: Apache-2.0
#include <taskd/tasks/rules.hpp>

#include <structwire/core/config.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace structwire::taskd {
namespace {

// A bijective mixer (the finalizer of SplitMix64): neighbouring tasks get unrelated jitter.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::int64_t after_ms(std::int64_t now_us, std::int64_t duration_ms) {
  return now_us + duration_ms * 1000;
}

/// A member of a request, joined to text only when it is to blame.
struct Member {
  std::string_view parent;
  std::string_view name;

  [[nodiscard]] std::string path() const { return std::string(parent) + "." + std::string(name); }
};

std::unexpected<Refusal> refused(api::Code code, std::string message) {
  return std::unexpected(Refusal{code, std::move(message), {}});
}

std::unexpected<Refusal> refused(api::Code code, std::string message, Member member) {
  std::string path = member.path();
  return std::unexpected(Refusal{code, message + " - at `" + path + "`", std::move(path)});
}

std::unexpected<Refusal> lease_lost(const TaskRecord& task, Fence fence) {
  std::string message = "Task " + std::to_string(task.id) + " is ";
  message += api::name(task.state);
  if (task.state == TaskState::running) message += " under another fence";
  return refused(api::Code::lease_lost, message + ", fence " + std::to_string(fence) + " is over");
}

bool is_held(const TaskRecord& task, Fence fence) {
  return task.state == TaskState::running && task.fence == fence;
}

Attempt<void> check_range(std::int64_t value, std::int64_t low, std::int64_t high, Member member) {
  if (value >= low && value <= high) return {};
  const std::string bound =
      value < low ? ">= " + std::to_string(low) : "<= " + std::to_string(high);
  return refused(api::Code::invalid_argument, "Expected `int` " + bound, member);
}

Attempt<void> check_lease(std::int64_t lease_ms, Member member) {
  return check_range(lease_ms, api::lease_ms_min, api::lease_ms_max, member);
}

Attempt<void> check_size(const SharedBytes& value, Member member) {
  if (value.size() <= api::payload_bytes_max) return {};
  return refused(api::Code::too_large,
                 "Expected at most " + std::to_string(api::payload_bytes_max) + " bytes, got " +
                     std::to_string(value.size()),
                 member);
}

Attempt<void> check_queue(std::string_view queue, Member member) {
  if (api::is_queue_name(queue)) return {};
  return refused(api::Code::invalid_argument,
                 "Expected a queue name of 1 to 128 letters, digits, `.`, `_` or `-`", member);
}

Attempt<void> check_type(std::string_view type, Member member) {
  if (api::is_type_name(type)) return {};
  return refused(api::Code::invalid_argument,
                 "Expected a type name of 1 to 128 letters, digits, `.`, `_`, `-`, `:` or `/`",
                 member);
}

// Cuts at a character, so that what is kept stays valid UTF-8.
std::string shortened(std::string text) {
  if (text.size() <= api::error_text_bytes_max) return text;
  std::size_t end = api::error_text_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

void add_error(TaskRecord& task, std::string message, std::int64_t now_us) {
  if (task.errors.size() >= api::errors_kept_max) task.errors.erase(task.errors.begin());
  task.errors.push_back({.attempt = task.attempt,
                         .at_us = now_us,
                         .worker = task.worker,
                         .message = shortened(std::move(message))});
}

void finish(TaskRecord& task, TaskState state, std::int64_t now_us) {
  task.state = state;
  task.due_us = now_us;
}

// The one place where an attempt ends without a result.
TaskRecord attempt_failed(const TaskRecord& task, std::string message, bool retry,
                          std::int64_t now_us) {
  TaskRecord next = task;
  add_error(next, std::move(message), now_us);
  if (!retry || next.attempt >= next.max_attempts) {
    finish(next, TaskState::dead, now_us);
  } else {
    next.state = TaskState::scheduled;
    next.due_us = now_us + backoff_us(next.id, next.attempt);
  }
  return next;
}

// A result is never absent once there is one, so an absent one is written out as null.
SharedBytes result_of(const Complete& command) {
  static const SharedBytes null_result(Bytes{std::byte{0xC0}});
  return command.result.empty() ? null_result : command.result;
}

}  // namespace

std::int64_t backoff_us(TaskId id, std::int32_t attempt) {
  STRUCTWIRE_ASSERT(attempt >= 1);
  constexpr std::int32_t doublings_max = 12;  // 2^12 s is beyond backoff_max_us
  const std::int32_t doublings = std::min(attempt - 1, doublings_max);
  const std::int64_t full = std::min(backoff_first_us << doublings, backoff_max_us);
  const std::uint64_t random = mixed(id ^ (static_cast<std::uint64_t>(attempt) << 48));
  const auto jitter = random % static_cast<std::uint64_t>(full / 2 + 1);
  return full / 2 + static_cast<std::int64_t>(jitter);
}

Attempt<void> check(const NewTask& task, std::string_view member) {
  if (auto ok = check_queue(task.queue, {member, "queue"}); !ok) return ok;
  if (auto ok = check_type(task.type, {member, "type"}); !ok) return ok;
  if (auto ok = check_size(task.payload, {member, "payload"}); !ok) return ok;
  if (auto ok =
          check_range(task.priority, api::priority_min, api::priority_max, {member, "priority"});
      !ok) {
    return ok;
  }
  if (auto ok = check_range(task.max_attempts, 1, api::max_attempts_max, {member, "max_attempts"});
      !ok) {
    return ok;
  }
  if (auto ok =
          check_range(task.run_at_us.value_or(0), 0, api::json_integer_max, {member, "run_at_us"});
      !ok) {
    return ok;
  }
  return check_lease(task.lease_ms, {member, "lease_ms"});
}

Attempt<void> check(const Claim& claim) {
  if (auto ok = check_queue(claim.queue, {"$", "queue"}); !ok) return ok;
  if (claim.worker.size() > api::worker_bytes_max) {
    return refused(api::Code::invalid_argument, "Expected `str` of length <= 256", {"$", "worker"});
  }
  if (auto ok = check_range(claim.max, 1, api::batch_tasks_max, {"$", "max"}); !ok) return ok;
  return check_lease(claim.lease_ms.value_or(api::lease_ms_default), {"$", "lease_ms"});
}

TaskRecord created(const NewTask& task, TaskId id, std::int64_t now_us) {
  STRUCTWIRE_ASSERT(id >= 1);
  const std::int64_t run_at_us = task.run_at_us.value_or(now_us);
  TaskRecord record;
  record.id = id;
  record.state = run_at_us > now_us ? TaskState::scheduled : TaskState::queued;
  record.priority = task.priority;
  record.max_attempts = task.max_attempts;
  record.lease_ms = task.lease_ms;
  record.created_at_us = now_us;
  record.due_us = std::max(run_at_us, now_us);
  record.queue = task.queue;
  record.type = task.type;
  record.payload = task.payload;
  return record;
}

TaskRecord claimed(const TaskRecord& task, const Claim& claim, Fence fence, std::int64_t now_us) {
  STRUCTWIRE_ASSERT(task.state == TaskState::queued);
  STRUCTWIRE_ASSERT(task.attempt < task.max_attempts);
  STRUCTWIRE_ASSERT(fence > task.fence);
  TaskRecord next = task;
  next.state = TaskState::running;
  next.attempt += 1;
  next.fence = fence;
  next.worker = claim.worker;
  next.due_us = after_ms(now_us, claim.lease_ms.value_or(task.lease_ms));
  return next;
}

Attempt<TaskRecord> extended(const TaskRecord& task, const Heartbeat& command,
                             std::int64_t now_us) {
  const std::int64_t lease_ms = command.lease_ms.value_or(task.lease_ms);
  if (auto ok = check_lease(lease_ms, {"$", "lease_ms"}); !ok) {
    return std::unexpected(std::move(ok).error());
  }
  if (!is_held(task, command.fence)) return lease_lost(task, command.fence);
  TaskRecord next = task;
  next.due_us = after_ms(now_us, lease_ms);
  return next;
}

Attempt<TaskRecord> completed(const TaskRecord& task, const Complete& command,
                              std::int64_t now_us) {
  if (auto ok = check_size(command.result, {"$", "result"}); !ok) {
    return std::unexpected(std::move(ok).error());
  }
  const bool same_fence = task.fence == command.fence;
  if (task.state == TaskState::succeeded && same_fence && task.result == result_of(command)) {
    return task;
  }
  if (!is_held(task, command.fence)) return lease_lost(task, command.fence);
  TaskRecord next = task;
  next.result = result_of(command);
  finish(next, TaskState::succeeded, now_us);
  return next;
}

Attempt<TaskRecord> failed(const TaskRecord& task, const Fail& command, std::int64_t now_us) {
  if (!is_held(task, command.fence)) return lease_lost(task, command.fence);
  return attempt_failed(task, command.error, command.retry, now_us);
}

Attempt<TaskRecord> cancelled(const TaskRecord& task, std::int64_t now_us) {
  if (task.state == TaskState::cancelled) return task;
  if (api::is_final(task.state)) {
    return refused(api::Code::task_final, "Task " + std::to_string(task.id) + " is " +
                                              std::string(api::name(task.state)) + " already");
  }
  TaskRecord next = task;
  finish(next, TaskState::cancelled, now_us);
  return next;
}

bool is_due(const TaskRecord& task, std::int64_t now_us) {
  const bool waits = task.state == TaskState::scheduled || task.state == TaskState::running;
  return waits && task.due_us <= now_us;
}

TaskRecord elapsed(const TaskRecord& task, std::int64_t now_us) {
  STRUCTWIRE_ASSERT(is_due(task, now_us));
  if (task.state == TaskState::running) return attempt_failed(task, "lease expired", true, now_us);
  TaskRecord next = task;
  next.state = TaskState::queued;
  return next;
}

TaskRecord recovered(const TaskRecord& task, std::int64_t now_us) {
  STRUCTWIRE_ASSERT(task.state == TaskState::running);
  const std::int64_t soonest =
      std::min(after_ms(now_us, task.lease_ms), now_us + recovery_grace_us);
  TaskRecord next = task;
  next.due_us = std::clamp(task.due_us, soonest, after_ms(now_us, api::lease_ms_max));
  return next;
}

}  // namespace structwire::taskd
