// SPDX-License-Identifier: Apache-2.0
#pragma once

// The threads that run handlers. It knows jobs only; what a job does is its own business.
//
// Jobs are started about in the order in which they came, as many at a time as there are threads. Jobs of one strand
// run one after the other, exactly in the order in which they came; a strand that waits occupies no thread. Threads
// sleep when there is nothing to do, and never spin. A thread takes several jobs at a time; what it took and has not
// begun, others take from it, so that no job waits behind a slow one while a thread is free.

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/loop/job.hpp>
#include <structwire/messaging/loop/shared_work.hpp>

namespace structwire::messaging {

/// What is done one after the other: all jobs of equal `group` and `key`.
struct StrandKey {
  std::uint64_t group = 0;
  std::uint64_t key = 0;
  friend bool operator==(const StrandKey&, const StrandKey&) = default;
};

struct ExecutorOptions {
  unsigned threads = 0;              ///< 0: as many as the machine has cores, and two at least.
  std::size_t queued_max = 1 << 20;  ///< Jobs that wait; one more is not taken.
  std::size_t taken_at_once = 64;    ///< By one thread, at most.
  std::size_t strand_turn = 16;      ///< Jobs of one strand before others have their turn.
};

struct ExecutorCounters {
  std::uint64_t submitted = 0;
  std::uint64_t refused = 0;  ///< For want of room, or because it stops.
  std::uint64_t finished = 0;
  std::uint64_t wakes = 0;   ///< Of sleeping threads.
  std::uint64_t stolen = 0;  ///< Jobs that another thread had taken, and not begun.
};

class Executor {
 public:
  explicit Executor(const ExecutorOptions& options = {});
  /// Stops.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Takes the jobs over, all or none. False: there is no room for all of them, or it stops; the list is as before.
  /// From any thread. One lock and at most one wake for all of them.
  bool submit(JobList& jobs);
  bool submit(JobPointer& job);
  /// The same, in a strand.
  bool submit(StrandKey strand, JobPointer& job);

  /// Each piece counts as a job. False: there is no room for all of them, or it stops.
  bool submit(const std::shared_ptr<SharedWork>& work);

  /// Destroys what waits, lets what runs end and joins the threads. Not from a job.
  void stop();

  /// Jobs that were taken and not begun.
  std::size_t queued() const noexcept { return queued_.load(std::memory_order_relaxed); }
  /// Nothing waits, nothing runs.
  bool idle() const noexcept { return unfinished_.load(std::memory_order_acquire) == 0; }
  unsigned threads() const noexcept { return static_cast<unsigned>(workers_.size()); }
  ExecutorCounters counters() const noexcept;

  /// For how long jobs have waited without one being finished. It learns from being called: what happened between two
  /// calls counts as having happened at the second. One thread calls it, with times that do not go back.
  Duration stalled(Instant now) noexcept;

 private:
  class Strand;
  class Share;
  friend class SharedWork;
  struct alignas(64) Worker {
    std::mutex mutex;
    JobList taken;  // Under `mutex`: by the worker and by those who take from it.
    std::thread thread;
  };
  struct Hash {
    std::size_t operator()(const StrandKey& key) const noexcept {
      return static_cast<std::size_t>((key.group * 0xff51afd7ed558ccdu ^ key.key) * 0x9e3779b97f4a7c15u);
    }
  };
  struct alignas(64) Shard {
    std::mutex mutex;
    std::unordered_map<StrandKey, Strand*, Hash> strands;  // Those that have jobs.
  };

  void work(std::size_t index) noexcept;
  JobPointer next(std::size_t index);
  JobPointer own(std::size_t index) noexcept;
  JobPointer queued_job(std::size_t index, std::uint64_t& batches_seen);
  JobPointer steal(std::size_t index) noexcept;
  bool sleep(std::uint64_t batches_seen);
  bool reserve(std::size_t count) noexcept;
  void run(JobPointer job) noexcept;
  void enqueue(JobList& jobs);
  void schedule(JobPointer strand);
  bool may_wake() noexcept;
  Shard& shard_of(StrandKey key) noexcept { return shards_[Hash{}(key) >> 60 & 15]; }

  ExecutorOptions options_;
  std::vector<Worker> workers_;
  Shard shards_[16];

  std::mutex mutex_;
  std::condition_variable wake_;
  JobList queue_;               // Under mutex_.
  std::size_t sleeping_ = 0;    // Under mutex_: threads that nobody has woken yet.
  std::size_t woken_ = 0;       // Under mutex_: wakes that no thread has seen yet.
  std::uint64_t batches_ = 0;   // Under mutex_: how many times a thread took more than one job.
  bool stopping_ = false;       // Under mutex_.
  std::atomic<bool> stopped_ = false;

  std::atomic<std::size_t> queued_ = 0;
  std::atomic<std::size_t> unfinished_ = 0;
  std::atomic<std::uint64_t> submitted_ = 0;
  std::atomic<std::uint64_t> refused_ = 0;
  std::atomic<std::uint64_t> finished_ = 0;
  std::atomic<std::uint64_t> wakes_ = 0;
  std::atomic<std::uint64_t> stolen_ = 0;

  // Of stalled().
  std::uint64_t finished_seen_ = 0;
  std::uint64_t begun_seen_ = 0;
  Instant progress_{};
  bool watching_ = false;
};

}  // namespace structwire::messaging
