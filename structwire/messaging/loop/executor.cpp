// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/executor.hpp>

#include <algorithm>
#include <utility>

namespace structwire::messaging {

// A strand is a job that runs the jobs that wait in it. It is with the executor while it has any, and in the map of its
// shard; who finds it empty takes it out of there, under the lock under which others add to it.
class Executor::Strand final : public Job {
 public:
  Strand(Executor& executor, StrandKey key) : executor_(executor), key_(key) { counted_ = false; }
  // In the map still only where the executor stops.
  ~Strand() override {
    if (retired_) return;
    Shard& shard = executor_.shard_of(key_);
    const std::lock_guard lock(shard.mutex);
    shard.strands.erase(key_);
  }

  void push_back(JobPointer job) noexcept { waiting_.push_back(std::move(job)); }

  void run(JobPointer self) noexcept override {
    for (std::size_t turn = 0; turn < executor_.options_.strand_turn; ++turn) {
      JobPointer job = next();
      if (job == nullptr) return;
      executor_.run(std::move(job));
    }
    executor_.schedule(std::move(self));
  }

 private:
  JobPointer next() noexcept {
    Shard& shard = executor_.shard_of(key_);
    const std::lock_guard lock(shard.mutex);
    JobPointer job = waiting_.pop_front();
    if (job == nullptr) {
      shard.strands.erase(key_);
      retired_ = true;
    }
    return job;
  }

  Executor& executor_;
  StrandKey key_;
  JobList waiting_;       // Under the mutex of the shard.
  bool retired_ = false;  // Out of the map.
};

// One thread's share in a work. Before it begins it offers another to whoever is free.
class Executor::Share final : public Job {
 public:
  Share(Executor& executor, std::shared_ptr<SharedWork> work) : executor_(executor), work_(std::move(work)) { counted_ = false; }
  ~Share() override {
    if (work_ != nullptr) work_->abandon();
  }
  void run(JobPointer) noexcept override {
    const auto work = std::move(work_);
    if (work->is_taken()) return;
    if (work->pieces() > 1) executor_.schedule(std::make_unique<Share>(executor_, work));
    const std::size_t done = work->work();
    if (executor_.stopped_.load(std::memory_order_acquire)) work->abandon();
    executor_.finished_.fetch_add(done, std::memory_order_relaxed);
    executor_.unfinished_.fetch_sub(done, std::memory_order_release);
  }

 private:
  Executor& executor_;
  std::shared_ptr<SharedWork> work_;
};

std::optional<std::size_t> SharedWork::take() noexcept {
  if (executor_->stopped_.load(std::memory_order_relaxed)) return std::nullopt;
  const auto piece = take_left();
  if (piece) executor_->queued_.fetch_sub(1, std::memory_order_relaxed);
  return piece;
}

Executor::Executor(const ExecutorOptions& options)
    : options_(options),
      workers_(options.threads != 0 ? options.threads : std::max(2u, std::thread::hardware_concurrency())) {
  try {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      workers_[i].thread = std::thread([this, i] { work(i); });
    }
  } catch (...) {  // There are no more threads.
    stop();
    throw;
  }
}

Executor::~Executor() { stop(); }

// ---- taking jobs

bool Executor::reserve(std::size_t count) noexcept {
  const std::size_t before = queued_.fetch_add(count, std::memory_order_relaxed);
  if (stopped_.load(std::memory_order_acquire) || before + count > options_.queued_max) {
    queued_.fetch_sub(count, std::memory_order_relaxed);
    refused_.fetch_add(count, std::memory_order_relaxed);
    return false;
  }
  unfinished_.fetch_add(count, std::memory_order_relaxed);
  submitted_.fetch_add(count, std::memory_order_relaxed);
  return true;
}

bool Executor::submit(JobList& jobs) {
  if (jobs.empty()) return true;
  if (!reserve(jobs.size())) return false;
  enqueue(jobs);
  return true;
}

bool Executor::submit(JobPointer& job) {
  if (!reserve(1)) return false;
  JobList one;
  one.push_back(std::move(job));
  enqueue(one);
  return true;
}

bool Executor::submit(StrandKey key, JobPointer& job) {
  if (!reserve(1)) return false;
  std::unique_ptr<Strand> fresh;
  {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    Strand*& strand = shard.strands[key];
    if (strand == nullptr) {
      fresh = std::make_unique<Strand>(*this, key);
      strand = fresh.get();
    }
    strand->push_back(std::move(job));
  }
  if (fresh != nullptr) schedule(std::move(fresh));
  return true;
}

bool Executor::submit(const std::shared_ptr<SharedWork>& work) {
  if (!reserve(work->pieces())) return false;
  work->executor_ = this;
  schedule(std::make_unique<Share>(*this, work));
  return true;
}

void Executor::schedule(JobPointer strand) {
  JobList one;
  one.push_back(std::move(strand));
  enqueue(one);
}

// What comes after the stop, let in a moment before it, dies with the list of who brings it.
void Executor::enqueue(JobList& jobs) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    queue_.append(std::move(jobs));
    wake = may_wake();
  }
  if (wake) wake_.notify_one();
}

// Under mutex_. Who is woken is not woken again by the next one; it wakes others itself when it takes more than a job.
bool Executor::may_wake() noexcept {
  if (sleeping_ == 0) return false;
  --sleeping_;
  ++woken_;
  wakes_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

// ---- the threads

void Executor::work(std::size_t index) noexcept {
  while (JobPointer job = next(index)) {
    if (job->counted_) {
      run(std::move(job));
    } else {
      Job& strand = *job;
      strand.run(std::move(job));
    }
  }
}

void Executor::run(JobPointer job) noexcept {
  queued_.fetch_sub(1, std::memory_order_relaxed);
  Job& started = *job;
  started.run(std::move(job));
  finished_.fetch_add(1, std::memory_order_relaxed);
  unfinished_.fetch_sub(1, std::memory_order_release);
}

// nullptr when it stops.
JobPointer Executor::next(std::size_t index) {
  for (;;) {
    if (stopped_.load(std::memory_order_relaxed)) return nullptr;
    if (auto job = own(index)) return job;
    std::uint64_t batches_seen = 0;
    if (auto job = queued_job(index, batches_seen)) return job;
    if (auto job = steal(index)) return job;
    if (!sleep(batches_seen)) return nullptr;
  }
}

JobPointer Executor::own(std::size_t index) noexcept {
  Worker& worker = workers_[index];
  const std::lock_guard lock(worker.mutex);
  return worker.taken.pop_front();
}

JobPointer Executor::queued_job(std::size_t index, std::uint64_t& batches_seen) {
  JobPointer job;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t share = std::min(queue_.size() / workers_.size(), options_.taken_at_once);
    job = queue_.pop_front();
    if (share > 1) {
      Worker& worker = workers_[index];
      const std::lock_guard lock_own(worker.mutex);
      worker.taken.take(queue_, share - 1);
      ++batches_;
    }
    batches_seen = batches_;
    wake = job != nullptr && (share > 1 || !queue_.empty()) && may_wake();
  }
  if (wake) wake_.notify_one();
  return job;
}

JobPointer Executor::steal(std::size_t index) noexcept {
  for (std::size_t step = 1; step < workers_.size(); ++step) {
    if (auto job = own((index + step) % workers_.size())) {
      stolen_.fetch_add(1, std::memory_order_relaxed);
      return job;
    }
  }
  return nullptr;
}

// A batch that was taken after the look at the others may hold what nobody else will look for: then it looks again.
bool Executor::sleep(std::uint64_t batches_seen) {
  std::unique_lock lock(mutex_);
  if (stopping_) return false;
  if (!queue_.empty() || batches_ != batches_seen) return true;
  ++sleeping_;
  wake_.wait(lock, [&] { return woken_ > 0 || stopping_; });
  if (woken_ > 0) --woken_;
  return !stopping_;
}

void Executor::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    stopped_.store(true, std::memory_order_release);
  }
  wake_.notify_all();
  for (Worker& worker : workers_) {
    if (worker.thread.joinable()) worker.thread.join();
  }
  // Destructors of jobs may ask anything of the executor; no lock is held while they run.
  JobList left;
  {
    const std::lock_guard lock(mutex_);
    left.append(std::move(queue_));
  }
  for (Worker& worker : workers_) {
    const std::lock_guard lock(worker.mutex);
    left.append(std::move(worker.taken));
  }
  { const JobList destroyed = std::move(left); }
  queued_.store(0, std::memory_order_relaxed);
  unfinished_.store(0, std::memory_order_release);
}

// ---- what it tells

ExecutorCounters Executor::counters() const noexcept {
  const auto get = [](const auto& counter) { return counter.load(std::memory_order_relaxed); };
  return {.submitted = get(submitted_),
          .refused = get(refused_),
          .finished = get(finished_),
          .wakes = get(wakes_),
          .stolen = get(stolen_)};
}

Duration Executor::stalled(Instant now) noexcept {
  const std::uint64_t finished = finished_.load(std::memory_order_relaxed);
  // Who begins another piece of a work has done one.
  const std::uint64_t begun = submitted_.load(std::memory_order_relaxed) - queued();
  if (queued() == 0) {
    watching_ = false;
    return Duration::zero();
  }
  if (!watching_ || finished != finished_seen_ || begun != begun_seen_) {
    watching_ = true;
    finished_seen_ = finished;
    begun_seen_ = begun;
    progress_ = now;
  }
  return now - progress_;
}

}  // namespace structwire::messaging
