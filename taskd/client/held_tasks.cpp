// SPDX-License-Identifier: Apache-2.0
#include <taskd/client/held_tasks.hpp>

#include <algorithm>
#include <utility>

namespace structwire::taskd {

HeldTasks::HeldTasks(ClientOptions options, std::int64_t lease_ms,
                     std::chrono::milliseconds interval_max)
    : client_(std::move(options)),
      lease_ms_(lease_ms),
      interval_(std::clamp(std::chrono::milliseconds(lease_ms / 3), std::chrono::milliseconds(1),
                           interval_max)),
      thread_([this] { run(); }) {}

HeldTasks::~HeldTasks() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_one();
  thread_.join();
}

std::shared_ptr<HeldTask> HeldTasks::hold(std::uint64_t id, std::uint64_t fence) {
  auto task = std::make_shared<HeldTask>();
  task->id = id;
  task->fence = fence;
  const std::lock_guard lock(mutex_);
  tasks_[id] = task;
  return task;
}

void HeldTasks::release(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  tasks_.erase(id);
}

void HeldTasks::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, interval_, [this] { return stopping_; })) {
    const api::HeartbeatBatch beats = batch();
    if (beats.tasks.empty()) continue;
    lock.unlock();
    const Answer<api::BatchAnswer> answer = client_.heartbeat_many(beats);
    lock.lock();
    if (answer) mark_lost(*answer);
  }
}

api::HeartbeatBatch HeldTasks::batch() {
  api::HeartbeatBatch result;
  for (const auto& [id, task] : tasks_) {
    if (task->lost || std::cmp_equal(result.tasks.size(), api::batch_tasks_max)) continue;
    result.tasks.push_back({.id = id, .fence = task->fence, .lease_ms = lease_ms_});
  }
  return result;
}

void HeldTasks::mark_lost(const api::BatchAnswer& answer) {
  for (const api::BatchEntry& entry : answer.tasks) {
    if (!entry.error) continue;
    const std::optional<api::Code> code = api::code_named(entry.error->code);
    if (code != api::Code::lease_lost && code != api::Code::not_found) continue;
    if (const auto found = tasks_.find(entry.id); found != tasks_.end()) found->second->lost = true;
  }
}

}  // namespace structwire::taskd
