// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/refusal.hpp>

#include <filesystem>

namespace structwire::taskd {

/// Ownership of a data directory by one process: an advisory lock on its file `lock`, which the
/// kernel takes back when the process ends, however it ends. Movable, not copyable.
class DirectoryLock {
 public:
  /// Makes the directory if it is absent (not its parents) and takes the lock; refused at once when
  /// somebody else holds it.
  [[nodiscard]] static Attempt<DirectoryLock> take(const std::filesystem::path& directory);

  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace structwire::taskd
