// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <examples/demo/processes.hpp>
#include <examples/demo/progress.hpp>
#include <examples/demo/records.hpp>
#include <examples/demo/summary.hpp>
#include <taskd/client/client.hpp>

#include <chrono>
#include <cstddef>
#include <expected>
#include <string>
#include <vector>

namespace demo {

/// The workers of the job, and what they have said.
struct Workers {
  std::vector<Process> processes;
  std::vector<std::string> names;

  [[nodiscard]] std::size_t alive();
};

/// What the job did; printed with the summary.
struct JobReport {
  Summary summary;
  std::size_t tasks = 0;
  std::size_t started_again = 0;  ///< tasks that needed more than one attempt
  double seconds = 0;             ///< from the first submit to the last result
};

/// One run: a task per record, the killing of a worker, and the results. Every step returns an
/// error as a sentence; an empty one when it was asked to stop.
class Job {
 public:
  template <class T>
  using Step = std::expected<T, std::string>;

  Job(const std::string& server, Workers& workers, const std::vector<FileRecord>& files,
      const std::vector<IncludeRecord>& includes);

  /// All of it.
  [[nodiscard]] Step<JobReport> run();

 private:
  Step<JobReport> run_steps();
  template <class Record>
  Step<void> submit(const char* type, const std::vector<Record>& records);
  Step<void> wait();
  Step<bool> all_ended();
  Step<JobReport> read_results();
  Step<void> add_result(const sw::taskd::api::Task& task, JobReport& report);

  void look();
  void kill_one();
  [[nodiscard]] std::size_t held_by(const std::string& worker);
  [[nodiscard]] static std::unexpected<std::string> failed(const sw::taskd::CallError& error);

  using Clock = std::chrono::steady_clock;

  sw::taskd::Client client_;
  Workers& workers_;
  const std::vector<FileRecord>& files_;
  const std::vector<IncludeRecord>& includes_;
  std::size_t total_;
  std::size_t submitted_ = 0;
  std::size_t completed_ = 0;  // as the workers say; the daemon has the last word
  bool killed_ = false;
  int looks_for_work_ = 0;  // of the worker to be killed
  Clock::time_point start_ = Clock::now();
  Rate rate_;
  Progress progress_;
};

}  // namespace demo
