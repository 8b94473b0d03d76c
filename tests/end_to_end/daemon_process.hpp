// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace structwire::end_to_end {

/// The real `structwired` as a child process, on a port of its own choice. Killed when destroyed.
class DaemonProcess {
 public:
  /// Starts it; `program` is a path. It may be killed from now on.
  DaemonProcess(const std::string& program, const std::vector<std::string>& arguments);
  ~DaemonProcess();
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;

  /// Waits for the line that it prints when it serves; nothing when it ended before.
  [[nodiscard]] std::optional<std::uint16_t> wait_for_port();

  /// That line.
  [[nodiscard]] const std::string& announced() const { return announced_; }

  void kill_9() const;
  void terminate() const;
  /// Waits for its end: the exit code, or 128 + the signal.
  int wait();

 private:
  pid_t child_ = -1;
  int output_ = -1;
  std::string announced_;
};

}  // namespace structwire::end_to_end
