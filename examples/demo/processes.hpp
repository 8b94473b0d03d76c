// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace demo {

/// A program that this one has started. It is out of reach of the terminal's Ctrl-C, so that it can
/// be ended in the right order, and it ends when this process does, however that ends.
class Process {
 public:
  /// Starts it; its standard output can be read here. Nothing when there is no such program.
  static std::optional<Process> start(const std::vector<std::string>& command);

  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  /// Kills it when it still runs.
  ~Process();

  [[nodiscard]] pid_t id() const { return id_; }
  /// Whether it still runs.
  [[nodiscard]] bool alive();
  /// How it ended: `status 1`, `signal 9`; empty while it runs.
  [[nodiscard]] const std::string& ended() const { return ended_; }
  void signal(int number) const;
  /// SIGTERM, and SIGKILL after `patience`; returns when it is gone.
  void end(std::chrono::milliseconds patience);

  /// What it has written so far, up to the last whole line, without waiting; each line once.
  [[nodiscard]] std::vector<std::string> lines();
  /// Its next line, waited for; nothing when it ends or `patience` does.
  [[nodiscard]] std::optional<std::string> line(std::chrono::milliseconds patience);

 private:
  Process(pid_t id, int output) : id_(id), output_(output) {}

  pid_t id_ = -1;  // -1 once it is gone
  int output_ = -1;
  std::string ended_;
  std::string unread_;
};

/// The folder of this program, where its neighbours are; relative where it was called so.
[[nodiscard]] std::string program_folder(const char* program);

/// SIGINT, SIGTERM, SIGHUP and SIGPIPE ask to stop, from the call on.
void watch_stop_signals();
[[nodiscard]] bool stop_asked();

}  // namespace demo
