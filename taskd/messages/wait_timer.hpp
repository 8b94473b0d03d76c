// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace structwire::taskd::messages {

/// Calls functions later, on a thread of its own: the ends of waiting claims. How many there may be, the service
/// bounds.
class WaitTimer {
 public:
  using Clock = std::chrono::steady_clock;

  /// `call` must be quick and must not throw. It is dropped when the timer is destroyed before its time.
  void after(std::chrono::milliseconds time, std::move_only_function<void()> call) {
    const std::lock_guard lock(mutex_);
    const auto placed = calls_.emplace(Clock::now() + time, std::move(call));
    if (placed == calls_.begin()) changed_.notify_one();
  }

 private:
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      if (calls_.empty()) {
        changed_.wait(lock, stop, [&] { return !calls_.empty(); });
        continue;
      }
      const auto first = calls_.begin();
      if (first->first > Clock::now()) {
        const Clock::time_point due = first->first;
        changed_.wait_until(lock, stop, due, [&] { return calls_.begin()->first < due; });
        continue;
      }
      auto call = std::move(calls_.extract(first).mapped());
      lock.unlock();
      call();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::multimap<Clock::time_point, std::move_only_function<void()>> calls_;
  std::jthread thread_{[this](const std::stop_token& stop) { run(stop); }};  // Last: it uses the others.
};

}  // namespace structwire::taskd::messages
