// SPDX-License-Identifier: Apache-2.0
#pragma once

// The executor of a simulated process: a bounded number of virtual threads that take virtual time. It keeps the rules of
// Port towards the endpoint, and is otherwise as mean as they allow: payloads are pinned long after their handler ended,
// handlers do not listen when they are stopped, items come slowly or at once.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/seeded_random.hpp>
#include <tests/simulation/message_oracle.hpp>

namespace structwire::messaging::simulation {

struct ExecutorOptions {
  std::uint32_t threads = 2;
  std::size_t queue_max = 64;         ///< Requests beyond are refused as overloaded.
  Duration slow = std::chrono::milliseconds(100);
  Duration pinned = std::chrono::milliseconds(100);  ///< That payloads are held after their handler, at most.
  std::size_t large = 20'000;         ///< Bytes of a large reply.
  bool accepts_early = false;         ///< Decodes what it is given at once, not when a thread is free.
  bool listens = true;                ///< Handlers end soon after they are stopped.
};

class Executor {
 public:
  Executor(const ExecutorOptions& options, SeededRandom random, Oracle& oracle, Life life)
      : options_(options), random_(random), oracle_(&oracle), life_(life) {}

  // ---- from the Port
  void run(Work work, std::size_t kind, Instant deadline);
  /// One of many, which has a number of this side's making.
  void run(Work work, std::size_t kind, Instant deadline, WorkId many);
  void stop(WorkId work, FailureCode why);
  void stop_one(WorkId many, std::uint64_t counter, FailureCode why);
  Instant expire_many(WorkId many, Instant local);
  void more_items(WorkId work, std::uint64_t total);
  Duration stalled(Instant now) const;

  // ---- from the loop, with the time of the network and that of the process
  void step(Endpoint& endpoint, Instant now, Instant local);
  Instant next_due() const { return timers_.empty() ? never : timers_.begin()->first; }
  /// Something came since the last step.
  bool stirred() const { return stirred_; }
  bool idle() const { return jobs_.empty() && ended_.empty(); }
  /// What it is busy with, for people.
  std::string describe() const;
  /// Handlers that never end do, from now on; nothing is pinned for long.
  void come_to_an_end() { ending_ = stirred_ = true; }

 private:
  enum class State : std::uint8_t { arrived, waiting, running, over };
  enum class TimerKind : std::uint8_t { finish, release, item };

  struct Job {
    Work work;
    WorkId many{};  ///< 0: it is alone.
    Run* run = nullptr;
    std::size_t kind = 0;
    State state = State::arrived;
    bool stopped = false;
    bool stop_told = false;
    FailureCode why{};
    Instant arrived;
    std::uint64_t allowed = 0;  ///< Items.
    std::uint64_t wanted = 0;
    bool item_due = false;
    bool released = false;
  };
  struct Timer {
    WorkId work{};
    TimerKind kind{};
  };

  bool may_start(const Job& job) const;
  void start(Endpoint& endpoint, Job& job, Instant now, Instant local);
  void finish(Endpoint& endpoint, Job& job, Outcome outcome, Instant now, Instant local);
  void tell_finished(Endpoint& endpoint, const Job& job, Outcome outcome, Instant local);
  void tell_of_many(Endpoint& endpoint, Instant now, Instant local);
  void tell_released(Endpoint& endpoint, const Job& job);
  struct Ended {
    ManyEnded told;
    std::vector<std::uint64_t> done;
    std::vector<ManyEnded::Failed> failed;
  };
  Outcome result(Job& job);
  void next_item(Job& job, Instant now);
  void fire(Endpoint& endpoint, const Timer& timer, Instant now, Instant local);
  void at(Instant when, WorkId work, TimerKind kind) { timers_.emplace(when, Timer{work, kind}); }

  ExecutorOptions options_;
  SeededRandom random_;
  Oracle* oracle_;
  Life life_;
  std::map<WorkId, Job> jobs_;
  std::uint64_t numbers_ = 0;  // Of those that came with others.
  std::map<WorkId, Ended> ended_;  // Of many, not told yet.
  std::multimap<Instant, Timer> timers_;
  std::uint32_t running_ = 0;
  std::size_t waiting_ = 0;
  Instant progress_{};
  bool stirred_ = false;
  bool ending_ = false;
};

}  // namespace structwire::messaging::simulation
