// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/api/task.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace structwire::end_to_end {

/// A lease as a worker of the kill test holds it.
struct HeldTask {
  std::uint64_t id = 0;
  std::uint64_t fence = 0;
  std::string result;  ///< JSON; different for each claim, so that results tell who was accepted
};

/// Everything that the daemon has acknowledged, and what has to be true because of it.
///
/// A round is the time between two kills. Within a round requests overlap, so only rounds order
/// what was seen; what belongs to one task is ordered by its fences, too. Any thread.
class KillHistory {
 public:
  void next_round();

  // What was acknowledged.
  void submitted(std::uint64_t id, const std::string& payload);
  void claimed(std::uint64_t id, std::uint64_t fence, std::int64_t attempt);
  void completed(const HeldTask& held);
  void acknowledged() { count(acknowledgements_); }

  /// A committed task as somebody saw it.
  void seen(const taskd::api::Task& task);

  /// An answer that there should never be.
  void unexpected(const std::string& answer);

  /// The payloads of a batch whose answer never came: all or none of it may be there.
  void batch_unknown(std::vector<std::string> payloads);

  /// The whole truth after the last restart.
  void check_all(const std::vector<taskd::api::Task>& tasks);

  [[nodiscard]] std::size_t acknowledgements() const;
  [[nodiscard]] std::vector<std::string> violations() const;
  [[nodiscard]] std::string summary() const;

 private:
  struct TaskHistory {
    std::string payload;                             // empty until its submit was acknowledged
    std::set<std::string> results;                   // accepted, as the daemon has said
    std::map<std::uint64_t, std::int64_t> attempts;  // by fence
    std::int64_t attempt_before = 0;                 // the highest seen in earlier rounds
    std::int64_t attempt_now = 0;                    // and in this one
  };

  void count(std::size_t& number);
  void violate(std::uint64_t id, const std::string& what);
  void check_attempt(std::uint64_t id, TaskHistory& task, std::int64_t attempt);
  void check_final(const TaskHistory& history, const taskd::api::Task& task);
  void check_batches(const std::set<std::string>& payloads);

  mutable std::mutex mutex_;
  std::map<std::uint64_t, TaskHistory> tasks_;
  std::set<std::uint64_t> fences_;
  std::uint64_t fence_before_ = 0;  // the highest of earlier rounds
  std::vector<std::vector<std::string>> unknown_batches_;
  std::vector<std::string> violations_;
  std::size_t acknowledgements_ = 0;
  std::size_t submits_ = 0;
  std::size_t claims_ = 0;
  std::size_t completes_ = 0;
};

}  // namespace structwire::end_to_end
