// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <examples/demo/job.hpp>
#include <examples/demo/options.hpp>
#include <examples/demo/processes.hpp>

#include <optional>
#include <string>

namespace demo {

/// Everything that runs beside this process: the daemon, the workers of the job, and the example
/// worker of the queue `hello`; and the directory of the data. Whoever leaves early, leaves nothing
/// behind.
class System {
 public:
  /// `folder` is where the programs are.
  System(const Options& options, std::string folder);
  ~System() { stop(); }
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  /// False when something cannot be started, which has been told then.
  [[nodiscard]] bool start();
  /// The workers first, the daemon last, then the data unless it is to be kept.
  void stop();

  /// Tells why the job cannot go on. Returns the status to end with.
  int explain(const std::string& error);

  [[nodiscard]] bool daemon_alive() { return daemon_ && daemon_->alive(); }
  [[nodiscard]] const std::string& server() const { return server_; }
  [[nodiscard]] const std::string& data() const { return data_; }
  [[nodiscard]] Workers& workers() { return workers_; }

 private:
  [[nodiscard]] bool make_data_folder();
  [[nodiscard]] bool start_daemon();
  [[nodiscard]] bool start_daemon_at(const std::string& address);
  [[nodiscard]] bool start_workers();

  const Options& options_;
  std::string folder_;
  std::string data_;
  std::string server_;
  std::optional<Process> daemon_;
  std::optional<Process> hello_;
  Workers workers_;
};

}  // namespace demo
