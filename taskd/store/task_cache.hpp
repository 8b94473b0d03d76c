// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/record.hpp>

#include <cstddef>
#include <unordered_map>
#include <utility>

namespace structwire::taskd {

/// The records a store saw lately, at most about `bytes_max` of them: nearly least-recently-used,
/// by two generations. Each use moves a record into the young one; when that holds half the room,
/// it becomes the old one, and the old one is forgotten. All steps are constant on average.
class TaskCache {
 public:
  explicit TaskCache(std::size_t bytes_max) : generation_bytes_max_(bytes_max / 2) {}

  /// The record, or null.
  [[nodiscard]] SharedTask find(TaskId id) {
    if (const auto found = young_.find(id); found != young_.end()) return found->second;
    const auto found = old_.find(id);
    if (found == old_.end()) return nullptr;
    SharedTask task = std::move(found->second);
    old_.erase(found);
    put(task);
    return task;
  }

  /// Adds a record, or replaces the one with its id.
  void put(SharedTask task) {
    if (young_bytes_ >= generation_bytes_max_) {
      old_ = std::exchange(young_, {});
      young_bytes_ = 0;
    }
    young_bytes_ += bytes_of(*task);
    const TaskId id = task->id;
    young_.insert_or_assign(id, std::move(task));
  }

  void forget(TaskId id) {
    young_.erase(id);
    old_.erase(id);
  }

  void clear() {
    young_.clear();
    old_.clear();
    young_bytes_ = 0;
  }

 private:
  // A replaced record is counted again: the generation ends a little early, never late.
  static std::size_t bytes_of(const TaskRecord& task) {
    constexpr std::size_t overhead = 128;  // a node, a bucket, the shared counters
    std::size_t bytes = sizeof(TaskRecord) + overhead + task.payload.size() + task.result.size();
    for (const AttemptError& error : task.errors) bytes += sizeof error + error.message.size();
    return bytes;
  }

  std::size_t generation_bytes_max_;
  std::size_t young_bytes_ = 0;
  std::unordered_map<TaskId, SharedTask> young_;
  std::unordered_map<TaskId, SharedTask> old_;
};

}  // namespace structwire::taskd
