// SPDX-License-Identifier: Apache-2.0
//
// The claim loop. One thread claims, works and reports; a second one (HeldTasks) keeps the leases.
// Nothing here decides whose result counts: the daemon does, by the fence.
#include <taskd/client/worker.hpp>

#include <unistd.h>

#include <array>
#include <chrono>
#include <exception>
#include <thread>
#include <utility>

namespace structwire::taskd {
namespace {

using Clock = std::chrono::steady_clock;

// Results wait this long for company, so that slow handlers' results are still seen soon.
constexpr std::chrono::milliseconds report_interval{500};
// ... and no longer than they fit comfortably into one request.
constexpr std::size_t report_bytes = api::body_bytes_max / 4;

std::string name_default() {
  std::array<char, 128> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host.front() = '\0';
  return std::string(host.data()) + ":" + std::to_string(::getpid());
}

}  // namespace

Worker::Worker(WorkerOptions options) : options_(std::move(options)), client_(options_.client) {
  if (options_.name.empty()) options_.name = name_default();
}

Answer<WorkerCounts> Worker::run() {
  HeldTasks held(options_.client, options_.lease_ms);
  const api::ClaimRequest request{.worker = options_.name,
                                  .max = options_.batch,
                                  .lease_ms = options_.lease_ms,
                                  .wait_ms = options_.wait_ms};
  while (!stopping()) {
    Answer<api::ClaimAnswer> claimed = client_.claim(options_.queue, request);
    if (claimed) {
      backoff_.reset();
      work_through(std::move(claimed->tasks), held);
    } else if (claimed.error().may_pass()) {
      wait(claimed.error());
    } else {
      return std::unexpected(std::move(claimed.error()));
    }
  }
  return counts_;
}

void Worker::wait(const CallError& error) {
  if (options_.on_outage) options_.on_outage(error);
  constexpr std::chrono::milliseconds slice{50};
  for (auto left = backoff_.next(); left.count() > 0 && !stopping(); left -= slice) {
    std::this_thread::sleep_for(slice);
  }
}

void Worker::work_through(std::vector<api::ClaimedTask> tasks, HeldTasks& held) {
  std::vector<std::shared_ptr<HeldTask>> leases;
  leases.reserve(tasks.size());
  for (const api::ClaimedTask& task : tasks) leases.push_back(held.hold(task.id, task.fence));

  Clock::time_point report_at = Clock::now() + report_interval;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const api::ClaimedTask& task = tasks[i];
    // Handing back costs an attempt; from the last one there would be no return.
    if (stopping() && task.attempt < task.max_attempts) {
      keep(task, std::unexpected(Failure{"handed back: the worker stopped before it began", true}));
      ++counts_.handed_back;
      continue;
    }
    Handled outcome;
    if (!leases[i]->lost) outcome = perform(task, *leases[i]);
    if (leases[i]->lost) {
      ++counts_.lost;
      held.release(task.id);
      continue;
    }
    keep(task, std::move(outcome));
    if (Clock::now() >= report_at || unreported_bytes_ >= report_bytes) {
      report(held);
      report_at = Clock::now() + report_interval;
    }
  }
  report(held);
}

Worker::Handled Worker::perform(const api::ClaimedTask& task, const HeldTask& held) {
  const auto handler = handlers_.find(task.type);
  if (handler == handlers_.end()) {
    return std::unexpected(Failure{"this worker has no handler for the type `" + task.type + "`"});
  }
  try {
    return handler->second(task, TaskContext(task, held));
  } catch (const std::exception& thrown) {
    return std::unexpected(Failure{std::string("the handler threw: ") + thrown.what()});
  } catch (...) {
    return std::unexpected(Failure{"the handler threw"});
  }
}

void Worker::keep(const api::ClaimedTask& task, Handled outcome) {
  if (outcome && outcome->bytes().size() > api::payload_bytes_max) {
    outcome = std::unexpected(Failure{"the result is larger than a result may be", false});
  }
  if (outcome) {
    unreported_bytes_ += outcome->bytes().size();
    completed_.tasks.push_back({.id = task.id, .fence = task.fence, .result = std::move(*outcome)});
  } else {
    Failure& failure = outcome.error();
    failed_.tasks.push_back({.id = task.id,
                             .fence = task.fence,
                             .error = std::move(failure.message),
                             .retry = failure.retry});
  }
}

void Worker::report(HeldTasks& held) {
  if (!completed_.tasks.empty()) report_completed(held);
  if (!failed_.tasks.empty()) report_failed(held);
  unreported_bytes_ = 0;
}

// Tries until the daemon has answered. A stopping worker tries for a few seconds more and then
// leaves the tasks to their leases.
template <class Batch, class Call>
Answer<api::BatchAnswer> Worker::persist(const Batch& batch, Call call) {
  constexpr std::chrono::seconds patience{5};
  Clock::time_point stopped = Clock::time_point::max();
  while (true) {
    Answer<api::BatchAnswer> answer = call(batch);
    if (answer || !answer.error().may_pass()) return answer;
    if (stopping()) {
      if (stopped == Clock::time_point::max()) stopped = Clock::now();
      if (Clock::now() - stopped > patience) return answer;
      std::this_thread::sleep_for(Backoff::first);
    }
    wait(answer.error());
  }
}

void Worker::report_completed(HeldTasks& held) {
  const auto answer = persist(
      completed_, [this](const api::CompleteBatch& batch) { return client_.complete_many(batch); });
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < completed_.tasks.size(); ++i) {
    const api::CompleteItem& item = completed_.tasks[i];
    held.release(item.id);
    if (!answer || i >= answer->tasks.size()) {
      ++counts_.lost;
    } else if (const auto& error = answer->tasks[i].error; !error) {
      ++accepted;
    } else if (api::code_named(error->code) == api::Code::lease_lost) {
      ++counts_.lost;
    } else {
      failed_.tasks.push_back(
          {.id = item.id, .fence = item.fence, .error = error->message, .retry = false});
    }
  }
  completed_.tasks.clear();
  counts_.completed += accepted;
  if (accepted > 0) {
    backoff_.reset();
    if (options_.on_completed) options_.on_completed(accepted);
  }
}

void Worker::report_failed(HeldTasks& held) {
  const auto answer =
      persist(failed_, [this](const api::FailBatch& batch) { return client_.fail_many(batch); });
  for (std::size_t i = 0; i < failed_.tasks.size(); ++i) {
    held.release(failed_.tasks[i].id);
    const bool told = answer && i < answer->tasks.size() && !answer->tasks[i].error;
    ++(told ? counts_.failed : counts_.lost);
  }
  failed_.tasks.clear();
}

}  // namespace structwire::taskd
