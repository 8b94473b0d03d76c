// SPDX-License-Identifier: Apache-2.0
#include <taskd/store/directory_lock.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace structwire::taskd {
namespace {

std::unexpected<Refusal> refused(const std::filesystem::path& path, const std::string& reason) {
  return std::unexpected(Refusal{api::Code::store_failed, path.string() + ": " + reason, {}});
}

std::string error_text() { return std::strerror(errno); }

// A new directory is only durable once its parent is.
bool sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return synced;
}

}  // namespace

Attempt<DirectoryLock> DirectoryLock::take(const std::filesystem::path& directory) {
  // Tasks may be private: nobody else reads the directory unless its owner says so.
  if (::mkdir(directory.c_str(), 0700) == 0) {
    const auto parent = std::filesystem::absolute(directory / "..");
    if (!sync_directory(parent)) return refused(parent, error_text());
  } else if (errno != EEXIST) {
    return refused(directory, error_text());
  }
  const auto path = directory / "lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return refused(path, error_text());
  DirectoryLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return refused(path, error_text());
  return refused(directory, "in use by another structwired");
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace structwire::taskd
