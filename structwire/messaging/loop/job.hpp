// SPDX-License-Identifier: Apache-2.0
#pragma once

// A piece of work that some thread does once, and lists of them that cost no memory of their own.

#include <concepts>
#include <cstddef>
#include <memory>
#include <utility>

#include <structwire/messaging/loop/mailbox.hpp>

namespace structwire::messaging {

class Job;

/// How who owns a job lets it go: one that is a part of something larger dies with that.
struct JobDisposer {
  JobDisposer() = default;
  template <std::derived_from<Job> Made>
  JobDisposer(const std::default_delete<Made>&) noexcept {}
  void operator()(Job* job) const noexcept;
};
/// Made by std::make_unique, or the pointer that something gives out to a job of its own.
using JobPointer = std::unique_ptr<Job, JobDisposer>;

/// Done once by run(), or disposed of without having run: by who has no room for it, or stops.
class Job : public Letter<Job> {
 public:
  using Pointer = JobPointer;

  Job() noexcept = default;
  virtual ~Job() = default;

  /// `self` is this object: it goes with the call, unless it is handed on.
  virtual void run(JobPointer self) noexcept = 0;

 protected:
  virtual void dispose() noexcept { delete this; }

 private:
  friend struct JobDisposer;
  friend class JobList;
  friend class Executor;
  bool counted_ = true;  // False for what the executor made for itself.
};

inline void JobDisposer::operator()(Job* job) const noexcept { job->dispose(); }

/// A job of a callable, which must not throw.
template <class Function>
class FunctionJob final : public Job {
 public:
  explicit FunctionJob(Function function) : function_(std::move(function)) {}
  void run(JobPointer) noexcept override { function_(); }

 private:
  Function function_;
};
template <class Function>
JobPointer make_job(Function function) {
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

  void push_back(JobPointer job) noexcept {
    Job* added = job.release();
    (last_ == nullptr ? first_ : last_->next_) = added;
    last_ = added;
    ++size_;
  }
  /// nullptr where it is empty.
  JobPointer pop_front() noexcept {
    if (first_ == nullptr) return nullptr;
    JobPointer job(first_);
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
