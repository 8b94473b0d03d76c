// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the system says of the process, or thread, that runs a test.

#include <gtest/gtest.h>

#include <cstddef>

#include <dirent.h>
#include <sys/resource.h>

namespace structwire::testing {

/// Time on a processor that this thread has had.
inline double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_THREAD, &used);
  const auto seconds = [](timeval time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6; };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// How many this process has open, and a few more.
inline std::size_t descriptors() {
  std::size_t count = 0;
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) {
    ADD_FAILURE() << "there is no /proc";
    return 0;
  }
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

/// As if every descriptor were in use, while it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
};

}  // namespace structwire::testing
