// SPDX-License-Identifier: Apache-2.0
#include <taskd/doors/render.hpp>

#include <structwire/msgpack.hpp>

#include <string>

namespace structwire::taskd::doors {
namespace {

// Written in whatever format the answer has; one copy.
Raw raw_of(const SharedBytes& bytes) {
  if (bytes.empty()) return Raw();
  return Raw::trusted(msgpack::format(), Buffer(bytes.view()));
}

}  // namespace

api::Task render_task(const TaskRecord& record) {
  api::Task task{
      .id = record.id,
      .queue = record.queue,
      .type = record.type,
      .state = record.state,
      .attempt = record.attempt,
      .max_attempts = record.max_attempts,
      .priority = record.priority,
      .lease_ms = record.lease_ms,
      .created_at_us = record.created_at_us,
      .worker = record.worker,
      .payload = raw_of(record.payload),
      .result = raw_of(record.result),
  };
  if (record.state == TaskState::scheduled) task.run_at_us = record.due_us;
  if (record.state == TaskState::running) task.lease_until_us = record.due_us;
  if (api::is_final(record.state)) task.finished_at_us = record.due_us;
  for (const AttemptError& error : record.errors) {
    task.errors.push_back({error.attempt, error.at_us, error.worker, error.message});
  }
  return task;
}

api::ClaimedTask render_claimed(const TaskRecord& record) {
  return {
      .id = record.id,
      .queue = record.queue,
      .type = record.type,
      .fence = record.fence,
      .attempt = record.attempt,
      .max_attempts = record.max_attempts,
      .lease_until_us = record.due_us,
      .payload = raw_of(record.payload),
  };
}

api::Submitted render_submitted(const TaskRecord& record) { return {record.id, record.state}; }

api::BatchEntry render_entry(TaskId id, const Outcome& outcome) {
  if (!outcome) return {.id = id, .error = render_error(outcome.error())};
  const TaskRecord& record = *outcome->front();
  api::BatchEntry entry{.id = id, .state = record.state};
  if (record.state == TaskState::running) entry.lease_until_us = record.due_us;
  return entry;
}

api::ErrorBody render_error(const Refusal& refusal) {
  api::ErrorBody body{.code = std::string(api::name(refusal.code)), .message = refusal.message};
  if (!refusal.path.empty()) body.path = refusal.path;
  return body;
}

const Refusal* refusal_of_all(const std::vector<Outcome>& outcomes) {
  if (outcomes.empty() || outcomes.front()) return nullptr;
  const Refusal& refusal = outcomes.front().error();
  const bool of_store =
      refusal.code == api::Code::store_failed || refusal.code == api::Code::disk_full;
  return of_store ? &refusal : nullptr;
}

}  // namespace structwire::taskd::doors
