// SPDX-License-Identifier: Apache-2.0
#pragma once

// A piece of work that some thread does once, and lists of them that cost no memory of their own.

#include <cstddef>
#include <memory>
#include <utility>

namespace structwire::messaging {

/// Done once by run(), or destroyed without having run: by who has no room for it, or stops.
class Job {
 public:
  Job() noexcept = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  virtual ~Job() = default;

  /// `self` is this object: it dies with the call, unless it is handed on.
  virtual void run(std::unique_ptr<Job> self) noexcept = 0;

 private:
  friend class JobList;
  friend class Executor;
  Job* next_ = nullptr;
  bool counted_ = true;  // False for what the executor made for itself.
};

/// A job of a callable, which must not throw.
template <class Function>
class FunctionJob final : public Job {
 public:
  explicit FunctionJob(Function function) : function_(std::move(function)) {}
  void run(std::unique_ptr<Job>) noexcept override { function_(); }

 private:
  Function function_;
};
template <class Function>
std::unique_ptr<Job> make_job(Function function) {
  return std::make_unique<FunctionJob<Function>>(std::move(function));
}

/// Jobs in order, first in first out. Not for two threads at once.
class JobList {
 public:
  JobList() noexcept = default;
  JobList(JobList&& other) noexcept { append(std::move(other)); }
  JobList& operator=(JobList&&) = delete;
  ~JobList() {
    while (!empty()) pop_front();
  }

  bool empty() const noexcept { return first_ == nullptr; }
  std::size_t size() const noexcept { return size_; }

  void push_back(std::unique_ptr<Job> job) noexcept {
    Job* added = job.release();
    (last_ == nullptr ? first_ : last_->next_) = added;
    last_ = added;
    ++size_;
  }
  /// nullptr where it is empty.
  std::unique_ptr<Job> pop_front() noexcept {
    if (first_ == nullptr) return nullptr;
    std::unique_ptr<Job> job(first_);
    first_ = std::exchange(job->next_, nullptr);
    if (first_ == nullptr) last_ = nullptr;
    --size_;
    return job;
  }
  /// Puts the jobs of another list behind its own.
  void append(JobList&& other) noexcept {
    if (other.empty()) return;
    (last_ == nullptr ? first_ : last_->next_) = other.first_;
    last_ = std::exchange(other.last_, nullptr);
    other.first_ = nullptr;
    size_ += std::exchange(other.size_, 0);
  }
  /// Moves up to `count` jobs from the front of another list behind its own.
  void take(JobList& other, std::size_t count) noexcept {
    while (count-- > 0 && !other.empty()) push_back(other.pop_front());
  }

 private:
  Job* first_ = nullptr;
  Job* last_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace structwire::messaging
