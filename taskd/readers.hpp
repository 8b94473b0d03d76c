// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace structwire::taskd {

/// A few threads that read from the store, so that a door's thread never waits for the disk.
class Readers {
 public:
  using Work = std::move_only_function<void()>;

  Readers(std::size_t threads, std::size_t waiting_max);
  ~Readers();  // as `shut_down`

  /// Whether the work was taken; any thread.
  [[nodiscard]] bool post(Work work);

  /// Finishes what was taken, takes nothing more.
  void shut_down();

 private:
  void run();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Work> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace structwire::taskd
