// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/buffer.hpp>
#include <taskd/api/limits.hpp>
#include <taskd/api/task_state.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// What is durable of a task. Neighbours: `rules.hpp` computes the next record, `store.hpp` keeps
/// it.
namespace structwire::taskd {

using TaskId = std::uint64_t;  ///< from 1, ascending, never used twice
using Fence = std::uint64_t;   ///< from 1, ascending over all tasks and restarts, never used twice
using api::TaskState;

/// Immutable bytes shared by everyone who holds the same task: a transition, an answer and a cache
/// never copy a payload. Copying costs one atomic increment; equality compares the bytes.
class SharedBytes {
 public:
  SharedBytes() = default;
  SharedBytes(Bytes bytes)  // NOLINT(google-explicit-constructor): the natural source
      : bytes_(bytes.empty() ? nullptr : std::make_shared<const Bytes>(std::move(bytes))) {}

  [[nodiscard]] std::span<const std::byte> view() const {
    return bytes_ ? std::span<const std::byte>(*bytes_) : std::span<const std::byte>();
  }
  [[nodiscard]] std::size_t size() const { return bytes_ ? bytes_->size() : 0; }
  [[nodiscard]] bool empty() const { return bytes_ == nullptr; }

  friend bool operator==(const SharedBytes& a, const SharedBytes& b) {
    return a.bytes_ == b.bytes_ || std::ranges::equal(a.view(), b.view());
  }

 private:
  std::shared_ptr<const Bytes> bytes_;
};

/// One attempt that did not succeed.
struct AttemptError {
  std::int32_t attempt = 0;
  std::int64_t at_us = 0;
  std::string worker;
  std::string message;

  friend bool operator==(const AttemptError&, const AttemptError&) = default;
};

/// Every durable field of a task. Times are microseconds since the Unix epoch by the daemon's
/// clock.
struct TaskRecord {
  TaskId id = 0;
  TaskState state = TaskState::queued;
  std::int32_t priority = 0;
  std::int32_t attempt = 0;  ///< attempts started; counted at the claim
  std::int32_t max_attempts = api::max_attempts_default;
  std::int64_t lease_ms = api::lease_ms_default;
  std::int64_t created_at_us = 0;
  std::int64_t due_us = 0;  ///< scheduled: claimable from; running: lease end; final: finished at
  Fence fence = 0;          ///< of the last claim; 0 before the first
  std::string queue;
  std::string type;
  std::string worker;                ///< of the last claim
  SharedBytes payload;               ///< canonical MessagePack; empty means null
  SharedBytes result;                ///< canonical MessagePack; empty until succeeded
  std::vector<AttemptError> errors;  ///< at most `errors_kept_max`, oldest first

  friend bool operator==(const TaskRecord&, const TaskRecord&) = default;
};

/// A record as stores hand it out: immutable, shared, valid for as long as it is held, any thread.
using SharedTask = std::shared_ptr<const TaskRecord>;

}  // namespace structwire::taskd
