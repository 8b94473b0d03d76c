// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/client/backoff.hpp>
#include <taskd/client/client.hpp>
#include <taskd/client/held_tasks.hpp>

#include <atomic>
#include <concepts>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// A worker: the loop that claims the tasks of a queue and does them with typed functions.
///
///     Worker worker({.queue = "words", .batch = 16});
///     worker.handle<Text, Count>("count", [](const Text& text) -> sw::Result<Count> { … });
///     auto ended = worker.run();                      // until stop()
///
/// What the loop sees to: leases are heartbeated while work is under way; results go back in
/// batches; a task whose lease was lost is dropped, its result not sent; an outage of the daemon is
/// sat out, with results in hand. What a handler must bear: a task may be started more than once.
namespace structwire::taskd {

struct WorkerOptions {
  ClientOptions client;
  std::string queue;
  std::string name;        ///< shown beside its tasks; empty: `HOST:PID`
  std::int64_t batch = 1;  ///< tasks claimed at once, done one after the other
  std::int64_t lease_ms = api::lease_ms_default;
  std::int64_t wait_ms = 1000;  ///< one claim's wait for work; stop() takes up to this long
  /// Called on the worker's thread when the daemon cannot be reached, before each next try.
  std::function<void(const CallError&)> on_outage;
  /// Called on the worker's thread each time results were accepted, with how many.
  std::function<void(std::size_t)> on_completed;
};

/// Why an attempt has no result. A handler may return it instead of an `sw::Error` to say that
/// trying again is no use.
struct Failure {
  std::string message;
  bool retry = true;
};

/// What a handler may ask about the task it works on; valid during the call.
class TaskContext {
 public:
  TaskContext(const api::ClaimedTask& task, const HeldTask& held) : task_(task), held_(held) {}

  [[nodiscard]] std::uint64_t id() const { return task_.id; }
  [[nodiscard]] const std::string& type() const { return task_.type; }
  [[nodiscard]] std::int64_t attempt() const { return task_.attempt; }
  /// Grows with every claim: an outside system can refuse what comes with an older one.
  [[nodiscard]] std::uint64_t fence() const { return task_.fence; }
  /// Cancelled, or somebody else's by now: return early, the result will not be wanted.
  [[nodiscard]] bool lost() const { return held_.lost.load(std::memory_order_relaxed); }

 private:
  const api::ClaimedTask& task_;
  const HeldTask& held_;
};

struct WorkerCounts {
  std::uint64_t completed = 0;    ///< results the daemon accepted
  std::uint64_t failed = 0;       ///< attempts reported as failed, those handed back among them
  std::uint64_t lost = 0;         ///< dropped, their leases were gone
  std::uint64_t handed_back = 0;  ///< claimed but not started when the worker stopped
};

class Worker {
 public:
  explicit Worker(WorkerOptions options);

  /// Tasks of `type` are done by `function`: from a `const Request&`, and a `const TaskContext&` if
  /// it takes one, to a `Result<Reply>` or an `std::expected<Reply, Failure>`. A payload that is no
  /// Request fails the task for good, with the path in the message. What the function throws fails
  /// the attempt. Before run() only.
  template <class Request, class Reply, class Function>
  void handle(std::string type, Function function) {
    handlers_[std::move(type)] = [function = std::move(function)](
                                     const api::ClaimedTask& task,
                                     const TaskContext& context) mutable -> Handled {
      Result<Request> request = from_raw<Request>(task.payload);
      if (!request) return std::unexpected(Failure{request.error().message(), false});
      if constexpr (std::invocable<Function&, const Request&, const TaskContext&>) {
        return handled<Reply>(function(*request, context));
      } else {
        return handled<Reply>(function(*request));
      }
    };
  }

  /// Works until stop(); returns the counts, or the refusal that makes going on pointless (a
  /// malformed queue name, for instance). Blocks; on any one thread.
  [[nodiscard]] Answer<WorkerCounts> run();

  /// Ends run(): the task under way is finished and reported, tasks not yet started are handed
  /// back, so that others take them at once after their backoff. From any thread, and from a signal
  /// handler.
  void stop() noexcept { stopping_.store(true, std::memory_order_relaxed); }

 private:
  using Handled = std::expected<Raw, Failure>;
  using Handler = std::function<Handled(const api::ClaimedTask&, const TaskContext&)>;

  static Failure failure_of(const Error& error) { return {error.message(), true}; }
  static Failure failure_of(Failure failure) { return failure; }

  template <class Reply, class Returned>
  static Handled handled(const Returned& returned) {
    if (!returned) return std::unexpected(failure_of(returned.error()));
    const Reply& reply = *returned;
    return to_raw(reply);
  }

  [[nodiscard]] bool stopping() const { return stopping_.load(std::memory_order_relaxed); }
  void wait(const CallError& error);
  void work_through(std::vector<api::ClaimedTask> tasks, HeldTasks& held);
  Handled perform(const api::ClaimedTask& task, const HeldTask& held);
  void keep(const api::ClaimedTask& task, Handled outcome);
  void report(HeldTasks& held);
  void report_completed(HeldTasks& held);
  void report_failed(HeldTasks& held);
  template <class Batch, class Call>
  Answer<api::BatchAnswer> persist(const Batch& batch, Call call);

  WorkerOptions options_;
  Client client_;
  std::map<std::string, Handler, std::less<>> handlers_;
  std::atomic<bool> stopping_ = false;
  Backoff backoff_;
  WorkerCounts counts_;
  api::CompleteBatch completed_;  // done, not yet reported
  api::FailBatch failed_;
  std::size_t unreported_bytes_ = 0;
};

}  // namespace structwire::taskd
