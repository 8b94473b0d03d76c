// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace demo {

/// What is shown while something goes on: one line that replaces itself on a terminal, a line every
/// few seconds in a pipe.
class Progress {
 public:
  Progress();
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Call it as often as is convenient.
  void show(const std::string& text);
  /// A line that stays.
  void say(const std::string& text);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool terminal_;
  bool shown_ = false;
  Clock::time_point next_;
};

/// Events per second over the last second or two.
class Rate {
 public:
  [[nodiscard]] double update(std::size_t total);

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point then_ = Clock::now();
  std::size_t before_ = 0;
  double rate_ = 0;
};

}  // namespace demo
