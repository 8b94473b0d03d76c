// SPDX-License-Identifier: Apache-2.0
//
// work: declares the options, runs the slots, and shows how it goes.
#include <cli/commands.hpp>
#include <cli/exit_codes.hpp>
#include <cli/server.hpp>
#include <cli/stop_signal.hpp>
#include <cli/terminal.hpp>
#include <cli/work_slot.hpp>

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

namespace structwire::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t concurrency_max = 256;
// A cancelled task's command lives on for at most this long.
constexpr std::chrono::seconds heartbeat_interval{2};

std::string worker_name() {
  std::array<char, 128> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host.front() = '\0';
  return std::string(host.data()) + ":" + std::to_string(::getpid());
}

std::string counts_text(const WorkShared& shared) {
  std::string text = std::to_string(shared.done) + " done";
  const auto add = [&text](std::uint64_t count, const char* what) {
    if (count > 0) text += ", " + std::to_string(count) + " " + what;
  };
  add(shared.failed - std::min<std::uint64_t>(shared.failed, shared.handed_back), "failed");
  add(shared.lost, "dropped");
  add(shared.handed_back, "handed back");
  return text;
}

/// Tasks per second over the last few seconds.
class Rate {
 public:
  double update(std::uint64_t total) {
    const Clock::time_point now = Clock::now();
    const std::chrono::duration<double> passed = now - then_;
    if (passed.count() >= 2) {
      rate_ = static_cast<double>(total - before_) / passed.count();
      before_ = total;
      then_ = now;
    }
    return rate_;
  }

 private:
  Clock::time_point then_ = Clock::now();
  std::uint64_t before_ = 0;
  double rate_ = 0;
};

void show_progress(WorkShared& shared) {
  ProgressLine line;
  Rate rate;
  while (!shared.ended) {
    std::array<char, 32> per_second{};
    std::snprintf(per_second.data(), per_second.size(), "%.1f/s", rate.update(shared.done));
    std::string text = "queue " + shared.options.queue + ": " + counts_text(shared) + ", " +
                       std::to_string(shared.running) + " running, " + per_second.data();
    if (shared.outage) text += "  (waiting for the daemon)";
    if (stop_signals() == 1) text += "  finishing; again to stop now";
    line.show(text);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

int work(WorkOptions& options) {
  if (!program_exists(options.command.front())) {
    complain(options.command.front() + ": there is no such program");
    return exit_usage;
  }
  watch_stop_signals();
  options.name = worker_name();
  taskd::HeldTasks held(client_options(options.server), options.lease_seconds * 1000,
                        heartbeat_interval);
  WorkShared shared{.options = options, .held = held};
  std::thread progress;
  if (errors_are_terminal()) progress = std::thread([&shared] { show_progress(shared); });
  std::vector<std::thread> slots;
  for (std::int64_t i = 0; i < options.concurrency; ++i) {
    slots.emplace_back([&shared] { WorkSlot(shared).run(); });
  }
  for (std::thread& slot : slots) slot.join();
  shared.ended = true;
  if (progress.joinable()) {
    progress.join();
    complain(counts_text(shared));
  }
  return shared.exit_code;
}

}  // namespace

Run work_command(Arguments& arguments) {
  auto options = std::make_shared<WorkOptions>();
  auto form = std::make_shared<std::string>("json");
  auto text = std::make_shared<bool>(false);
  arguments.text("--queue,-q", options->queue, "Whose tasks to do").shown_as("QUEUE").required();
  arguments.words("COMMAND", options->command, "The program and its arguments, behind --")
      .required();
  arguments.number("--concurrency,-j", options->concurrency, {1, concurrency_max},
                   "Tasks at a time (default: 1)");
  const Declared format =
      arguments.text("--format", *form, "The payload's form for the command (default: json)");
  Declared(format).one_of({"json", "msgpack"});
  arguments.flag("--text", *text, "Payloads are text: give it to the command as it is")
      .excludes(format);
  arguments.flag("--no-retry", options->no_retry, "A failure is final");
  arguments.flag("--until-empty", options->until_empty, "End when nothing is left to claim");
  arguments
      .number("--lease", options->lease_seconds, {1, taskd::api::lease_ms_max / 1000},
              "Others may take over so long after this worker died (default: 30)")
      .shown_as("SECONDS");
  arguments.flag("--verbose,-v", options->verbose, "Tell of each failure on standard error");
  declare_server(arguments, options->server);
  arguments.manual(R"(Examples:
  structwire work --queue shell -- wc -c
  structwire work --queue mail --concurrency 4 -- ./send_mail.py
  structwire work --queue images --text -- xargs -0 optipng
  structwire work --queue nightly --until-empty -- sh -c 'jq .n | ./crunch'

The command runs once per task. It reads the payload on standard input (JSON on one line) and writes
the result to standard output: a JSON value, else text. Exit status 0 completes the task. Any other
fails it with the end of standard error as the reason; it is tried again later, except after status
65 (bad data: trying again is no use). STRUCTWIRE_TASK_ID, _TASK_ATTEMPT, _TASK_QUEUE and _TASK_TYPE
tell about the task.

The lease is extended while the command runs, so it may take as long as it likes. When the task is
cancelled, or the lease was lost, the command is ended. A task may be started more than once.

SIGINT or SIGTERM (Ctrl-C): finishes what is under way, then ends with status 0. A second one ends
the commands and hands their tasks back. When the daemon is away, the worker waits for it.)");
  return [options, form, text] {
    options->form = *text             ? PayloadForm::text
                    : *form == "json" ? PayloadForm::json
                                      : PayloadForm::msgpack;
    return work(*options);
  };
}

}  // namespace structwire::cli
