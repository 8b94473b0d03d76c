// SPDX-License-Identifier: Apache-2.0
#include <examples/demo/job.hpp>

#include <signal.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <span>
#include <thread>

namespace demo {
namespace {

namespace api = sw::taskd::api;
using api::TaskState;

constexpr std::size_t batch = 256;
constexpr std::chrono::milliseconds look_interval{100};
constexpr int looks_for_work_max = 20;

}  // namespace

std::size_t Workers::alive() {
  return static_cast<std::size_t>(
      std::ranges::count_if(processes, [](Process& each) { return each.alive(); }));
}

Job::Job(const std::string& server, Workers& workers, const std::vector<FileRecord>& files,
         const std::vector<IncludeRecord>& includes)
    : client_({.server = server}),
      workers_(workers),
      files_(files),
      includes_(includes),
      total_(files.size() + includes.size()) {}

Job::Step<JobReport> Job::run() {
  auto report = run_steps();
  progress_.clear();
  return report;
}

Job::Step<JobReport> Job::run_steps() {
  if (auto done = submit("check_file", files_); !done) return std::unexpected(done.error());
  if (auto done = submit("resolve_include", includes_); !done) return std::unexpected(done.error());
  if (auto done = wait(); !done) return std::unexpected(done.error());
  const std::chrono::duration<double> passed = Clock::now() - start_;
  auto report = read_results();
  if (report) report->seconds = passed.count();
  return report;
}

std::unexpected<std::string> Job::failed(const sw::taskd::CallError& error) {
  return std::unexpected(stop_asked() ? std::string() : error.message);
}

template <class Record>
Job::Step<void> Job::submit(const char* type, const std::vector<Record>& records) {
  std::span<const Record> left = records;
  while (!left.empty()) {
    if (stop_asked()) return std::unexpected(std::string());
    const auto some = left.first(std::min(left.size(), batch));
    const auto answer = client_.submit_many(queue, type, some);
    if (!answer) return failed(answer.error());
    left = left.subspan(some.size());
    submitted_ += some.size();
    look();
  }
  return {};
}

Job::Step<void> Job::wait() {
  while (true) {
    if (stop_asked()) return std::unexpected(std::string());
    look();
    const auto ended = all_ended();
    if (!ended) return std::unexpected(ended.error());
    if (*ended) return {};
    if (workers_.alive() == 0) return std::unexpected(std::string("all workers have ended"));
    std::this_thread::sleep_for(look_interval);
  }
}

Job::Step<bool> Job::all_ended() {
  for (const TaskState state : {TaskState::queued, TaskState::running, TaskState::scheduled}) {
    const auto page = client_.list({.queue = queue, .state = state, .limit = 1});
    if (!page) return failed(page.error());
    if (!page->tasks.empty()) return false;
  }
  return true;
}

// Reads what the workers say, kills one of them when it is time, and shows how it goes.
void Job::look() {
  for (Process& worker : workers_.processes) {
    for (const std::string& line : worker.lines()) {
      std::size_t count = 0;
      std::from_chars(line.data(), line.data() + line.size(), count);
      completed_ += count;
    }
  }
  const bool midway = completed_ >= total_ * 2 / 5 || submitted_ >= total_ * 9 / 10;
  if (midway && !killed_ && workers_.processes.size() > 1) kill_one();
  const std::size_t done = std::min(completed_, total_);
  const auto number = [](std::size_t value) { return grouped(static_cast<std::int64_t>(value)); };
  progress_.show(number(done) + " of " + number(total_) + " done (" +
                 std::to_string(total_ == 0 ? 100 : done * 100 / total_) + " %), " +
                 number(static_cast<std::size_t>(rate_.update(done))) + "/s, " +
                 number(submitted_) + " submitted, " + std::to_string(workers_.alive()) +
                 " workers");
}

std::size_t Job::held_by(const std::string& worker) {
  const auto running =
      client_.list({.queue = queue, .state = TaskState::running, .limit = api::list_tasks_max});
  if (!running) return 0;
  return static_cast<std::size_t>(std::ranges::count(running->tasks, worker, &api::Task::worker));
}

// To be sure that it dies with work in hand, all workers are held still, until what they have sent
// is done. When the victim holds nothing then, it alone goes on until the next look.
void Job::kill_one() {
  Process& victim = workers_.processes.back();
  const std::string& name = workers_.names.back();
  for (const Process& worker : workers_.processes) worker.signal(SIGSTOP);
  std::this_thread::sleep_for(look_interval);
  const std::size_t held = held_by(name);
  if (held == 0 && ++looks_for_work_ < looks_for_work_max) {
    victim.signal(SIGCONT);
    return;
  }
  const pid_t id = victim.id();
  victim.signal(SIGKILL);
  for (const Process& worker : workers_.processes) worker.signal(SIGCONT);
  killed_ = true;
  progress_.say("  SIGKILL to " + name + " (process " + std::to_string(id) + "), which held " +
                std::to_string(held) + " tasks; their leases run out in 3 s");
}

Job::Step<JobReport> Job::read_results() {
  JobReport report;
  sw::taskd::ListQuery query{
      .queue = queue, .state = TaskState::succeeded, .limit = api::list_tasks_max};
  do {
    if (stop_asked()) return std::unexpected(std::string());
    const auto page = client_.list(query);
    if (!page) return failed(page.error());
    for (const api::Task& task : page->tasks) {
      if (auto added = add_result(task, report); !added) return std::unexpected(added.error());
    }
    query.after = page->next;
    progress_.show("reading the results: " + grouped(static_cast<std::int64_t>(report.tasks)));
  } while (query.after);
  std::ranges::sort(report.summary.altered);
  return report;
}

Job::Step<void> Job::add_result(const api::Task& task, JobReport& report) {
  ++report.tasks;
  if (task.attempt > 1) ++report.started_again;
  const auto add = [&]<class Record, class Finding>() -> Step<void> {
    const auto record = sw::taskd::from_raw<Record>(task.payload);
    const auto finding = sw::taskd::from_raw<Finding>(task.result);
    if (!record) return std::unexpected(record.error().message());
    if (!finding) return std::unexpected(finding.error().message());
    report.summary.add(*record, *finding);
    return {};
  };
  if (task.type == "check_file") return add.operator()<FileRecord, FileFinding>();
  return add.operator()<IncludeRecord, IncludeFinding>();
}

}  // namespace demo
