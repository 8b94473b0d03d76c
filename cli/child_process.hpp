// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

/// Running somebody else's program to its end: text in, text out.
namespace structwire::cli {

struct ChildCommand {
  std::vector<std::string> words;  ///< the program, looked up in PATH, and its arguments
  std::vector<std::pair<std::string, std::string>> environment;  ///< on top of our own
  std::string input;                                             ///< for its standard input
  std::size_t output_bytes_max = 0;
};

struct ChildEnd {
  enum class How {
    exited,       ///< by itself; `status` is its exit status
    signalled,    ///< by a signal; `status` is its number
    stopped,      ///< by us, because `go_on` said so
    too_much,     ///< by us, because it wrote more than `output_bytes_max`
    not_started,  ///< there is no such program, or no process for it; `error_tail` says why
  };
  How how = How::not_started;
  int status = 0;
  std::string output;
  std::string error_tail;  ///< the last few kilobytes of its standard error
};

/// Starts the program in a process group of its own, feeds it, collects what it writes, and waits
/// for it. `go_on` is asked every 100 ms; once it says no, the whole group gets SIGTERM, and
/// SIGKILL two seconds later. The child dies with the thread that called. From any thread of a
/// program that ignores SIGPIPE: not every child reads its input to the end.
[[nodiscard]] ChildEnd run_child(const ChildCommand& command, const std::function<bool()>& go_on);

/// True when PATH has a program of this name, or it names an executable file.
[[nodiscard]] bool program_exists(const std::string& name);

}  // namespace structwire::cli
