// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cli/child_process.hpp>
#include <structwire/core/format.hpp>
#include <taskd/client/backoff.hpp>
#include <taskd/client/client.hpp>
#include <taskd/client/held_tasks.hpp>

#include <atomic>
#include <cstdint>
#include <expected>
#include <string>
#include <type_traits>
#include <vector>

/// One of the hands of `structwire work`: claims a task, runs the command, reports, again.
namespace structwire::cli {

enum class PayloadForm {
  json,     ///< one line of JSON
  msgpack,  ///< the bytes
  text,     ///< the payload's text as it is
};

struct WorkOptions {
  std::string server;
  std::string queue;
  std::string name;  ///< of this worker
  std::vector<std::string> command;
  PayloadForm form = PayloadForm::json;
  bool no_retry = false;
  bool until_empty = false;
  bool verbose = false;
  std::int64_t concurrency = 1;
  std::int64_t lease_seconds = 30;
};

/// What all slots have in common; every member may be used from any thread.
struct WorkShared {
  const WorkOptions& options;
  taskd::HeldTasks& held;
  std::atomic<std::uint64_t> done = 0;
  std::atomic<std::uint64_t> failed = 0;
  std::atomic<std::uint64_t> lost = 0;         ///< cancelled, or the lease was
  std::atomic<std::uint64_t> handed_back = 0;  ///< stopped by a second signal
  std::atomic<int> running = 0;
  std::atomic<bool> outage = false;
  std::atomic<int> exit_code = 0;  ///< set by a refusal that makes going on pointless
  std::atomic<bool> ended = false;
};

class WorkSlot {
 public:
  explicit WorkSlot(WorkShared& shared);

  /// Until a stop signal, until the queue is empty if that was asked for, or until it is pointless.
  void run();

 private:
  struct Failed {
    std::string message;
    bool retry = true;
  };
  using Outcome = std::expected<Raw, Failed>;

  void work(const taskd::api::ClaimedTask& task);
  [[nodiscard]] std::expected<std::string, Failed> input_of(const Raw& payload) const;
  [[nodiscard]] ChildCommand command_for(const taskd::api::ClaimedTask& task,
                                         std::string input) const;
  [[nodiscard]] Outcome outcome_of(const ChildEnd& end) const;
  [[nodiscard]] Outcome result_of(const std::string& output) const;
  void report(const taskd::api::ClaimedTask& task, Outcome outcome);
  template <class Call>
  std::invoke_result_t<Call> persist(Call call);
  void sit_out(const taskd::CallError& error);
  [[nodiscard]] bool stopping() const;

  WorkShared& shared_;
  taskd::Client client_;
  taskd::Backoff backoff_;
};

}  // namespace structwire::cli
