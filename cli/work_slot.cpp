// SPDX-License-Identifier: Apache-2.0
#include <cli/work_slot.hpp>

#include <cli/exit_codes.hpp>
#include <cli/payload.hpp>
#include <cli/server.hpp>
#include <cli/show_task.hpp>
#include <cli/stop_signal.hpp>
#include <cli/terminal.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

#include <chrono>
#include <thread>
#include <utility>

namespace structwire::cli {
namespace {

using Clock = std::chrono::steady_clock;
using taskd::api::ClaimedTask;

// A claim waits so long for work; a stop signal is noticed after it.
constexpr std::int64_t claim_wait_ms = 1000;

std::string_view view_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string with_tail(std::string message, std::string tail) {
  while (!tail.empty() && (tail.back() == '\n' || tail.back() == '\r')) tail.pop_back();
  return tail.empty() ? message : message + ": " + tail;
}

}  // namespace

WorkSlot::WorkSlot(WorkShared& shared)
    : shared_(shared), client_(client_options(shared.options.server)) {}

bool WorkSlot::stopping() const { return stop_signals() > 0 || shared_.exit_code != 0; }

void WorkSlot::run() {
  const WorkOptions& options = shared_.options;
  const taskd::api::ClaimRequest request{.worker = options.name,
                                         .max = 1,
                                         .lease_ms = options.lease_seconds * 1000,
                                         .wait_ms = options.until_empty ? 0 : claim_wait_ms};
  while (!stopping()) {
    const auto claimed = client_.claim(options.queue, request);
    if (!claimed) {
      sit_out(claimed.error());
      continue;
    }
    if (shared_.outage.exchange(false)) complain("the daemon answers again");
    backoff_.reset();
    if (claimed->tasks.empty() && options.until_empty) return;
    for (const ClaimedTask& task : claimed->tasks) work(task);
  }
}

void WorkSlot::sit_out(const taskd::CallError& error) {
  const bool pointless = !error.may_pass();
  const bool impatient = shared_.options.until_empty && exit_code_of(error) == exit_unavailable;
  if (pointless || impatient) {
    int expected = 0;
    if (shared_.exit_code.compare_exchange_strong(expected, exit_code_of(error))) {
      cli::report(error);
    }
    return;
  }
  if (!shared_.outage.exchange(true)) complain(error.message + "; trying again until it answers");
  const auto until = Clock::now() + backoff_.next();
  while (Clock::now() < until && !stopping()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

void WorkSlot::work(const ClaimedTask& task) {
  ++shared_.running;
  const auto lease = shared_.held.hold(task.id, task.fence);
  bool stopped = false;
  Outcome outcome;
  if (auto input = input_of(task.payload)) {
    const ChildEnd end = run_child(command_for(task, std::move(*input)), [&] {
      stopped = stop_signals() > 1;
      return !stopped && !lease->lost;
    });
    outcome = outcome_of(end);
  } else {
    outcome = std::unexpected(std::move(input.error()));
  }
  --shared_.running;
  if (stopped) {
    ++shared_.handed_back;
    outcome = std::unexpected(Failed{"handed back: the worker was stopped"});
  }
  if (lease->lost) {
    ++shared_.lost;
    if (shared_.options.verbose)
      complain("task " + std::to_string(task.id) + " dropped: cancelled, or its lease was lost");
  } else {
    report(task, std::move(outcome));
  }
  shared_.held.release(task.id);
}

std::expected<std::string, WorkSlot::Failed> WorkSlot::input_of(const Raw& payload) const {
  if (shared_.options.form == PayloadForm::json) return raw_json(payload) + "\n";
  if (shared_.options.form == PayloadForm::msgpack) {
    const Result<Raw> bytes = payload.in(msgpack::format());
    if (!bytes) return std::unexpected(Failed{bytes.error().message(), false});
    return bytes->empty() ? std::string("\xC0") : std::string(view_of(bytes->bytes()));
  }
  Result<std::string> text = text_of(payload);
  if (!text) return std::unexpected(Failed{text.error().message(), false});
  return std::move(*text);
}

ChildCommand WorkSlot::command_for(const ClaimedTask& task, std::string input) const {
  return {.words = shared_.options.command,
          .environment = {{"STRUCTWIRE_TASK_ID", std::to_string(task.id)},
                          {"STRUCTWIRE_TASK_ATTEMPT", std::to_string(task.attempt)},
                          {"STRUCTWIRE_TASK_QUEUE", shared_.options.queue},
                          {"STRUCTWIRE_TASK_TYPE", task.type},
                          {"STRUCTWIRE_SERVER", shared_.options.server}},
          .input = std::move(input),
          .output_bytes_max = taskd::api::payload_bytes_max};
}

WorkSlot::Outcome WorkSlot::outcome_of(const ChildEnd& end) const {
  const bool retry = !shared_.options.no_retry;
  switch (end.how) {
    case ChildEnd::How::exited:
      if (end.status == 0) return result_of(end.output);
      return std::unexpected(
          Failed{with_tail("exit status " + std::to_string(end.status), end.error_tail),
                 retry && end.status != exit_bad_data});
    case ChildEnd::How::signalled:
      return std::unexpected(Failed{
          with_tail("ended by signal " + std::to_string(end.status), end.error_tail), retry});
    case ChildEnd::How::too_much:
      return std::unexpected(Failed{"it wrote more than a result may hold", false});
    case ChildEnd::How::not_started:
      return std::unexpected(Failed{end.error_tail, retry});
    case ChildEnd::How::stopped:
      return std::unexpected(Failed{"stopped"});
  }
  return {};
}

WorkSlot::Outcome WorkSlot::result_of(const std::string& output) const {
  if (shared_.options.form != PayloadForm::msgpack) return result_from_output(output);
  if (output.empty()) return {};
  Result<Raw> result = payload_from(msgpack::format(), output);
  if (result) return std::move(*result);
  return std::unexpected(
      Failed{"its output is not MessagePack: " + result.error().message(), false});
}

void WorkSlot::report(const ClaimedTask& task, Outcome outcome) {
  if (outcome) {
    const taskd::api::CompleteRequest request{.fence = task.fence, .result = std::move(*outcome)};
    const auto answer = persist([&] { return client_.complete(task.id, request); });
    if (answer) {
      ++shared_.done;
      return;
    }
    if (answer.error().is(taskd::api::Code::lease_lost) || answer.error().may_pass()) {
      ++shared_.lost;
      return;
    }
    outcome = std::unexpected(Failed{answer.error().message, false});
  }
  Failed& failed = outcome.error();
  if (shared_.options.verbose)
    complain("task " + std::to_string(task.id) + " failed: " + failed.message);
  const taskd::api::FailRequest request{
      .fence = task.fence, .error = std::move(failed.message), .retry = failed.retry};
  const auto answer = persist([&] { return client_.fail(task.id, request); });
  ++(answer ? shared_.failed : shared_.lost);
}

// Tries until the daemon has answered; after a second stop signal no longer.
template <class Call>
std::invoke_result_t<Call> WorkSlot::persist(Call call) {
  while (true) {
    auto answer = call();
    if (answer || !answer.error().may_pass() || stop_signals() > 1) return answer;
    if (!shared_.outage.exchange(true)) {
      complain(answer.error().message + "; trying again until it answers");
    }
    std::this_thread::sleep_for(backoff_.next());
  }
}

}  // namespace structwire::cli
