// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tests/support/random.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace structwire::taskd::test {

using structwire::test::Random;

/// A disk in memory that forgets: a SQLite VFS which keeps what was written but not synced apart. A
/// power cut keeps, drops or tears each such write by chance, sector by sector and regardless of
/// order, as disks with a cache do. `kill -9` cannot show that a sync was forgotten; this can.
///
///     UnsyncedDisk disk("unsynced", random);
///     open_store_sqlite({…, .vfs_for_tests = "unsynced", .exclusive_for_tests = true});
///     disk.cut_power_after(100);   // writes, syncs and truncations from now
///     …                            // everything fails once it is dark
///     disk.restore_power();        // after closing the store: what survived is the disk
///
/// There is no shared memory, so a store needs `exclusive_for_tests`. Any thread.
class UnsyncedDisk {
 public:
  UnsyncedDisk(std::string name, Random& random);
  ~UnsyncedDisk();
  UnsyncedDisk(const UnsyncedDisk&) = delete;
  UnsyncedDisk& operator=(const UnsyncedDisk&) = delete;

  /// The power goes at the operation after `operations` more of them.
  void cut_power_after(std::uint64_t operations);
  [[nodiscard]] bool is_dark() const;
  void restore_power();

  /// From now on writes fail with this SQLite result code; 0 ends it. The same for syncs.
  void fail_writes(int result);
  void fail_syncs(int result);

  [[nodiscard]] std::uint64_t syncs() const;

  // What the VFS's functions call; results are SQLite's codes.
  struct File;
  std::shared_ptr<File> open(const std::string& path, bool create);
  void remove(const std::string& path);
  bool exists(const std::string& path) const;
  int read(const File& file, void* to, std::size_t size, std::size_t offset) const;
  int write(File& file, const void* from, std::size_t size, std::size_t offset);
  int truncate(File& file, std::size_t size);
  int sync(File& file);
  std::size_t size(const File& file) const;

 private:
  bool goes_dark();
  std::string survivor(const File& file);

  std::string name_;
  Random& random_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<File>> files_;
  std::optional<std::uint64_t> operations_left_;
  bool dark_ = false;
  int write_failure_ = 0;
  int sync_failure_ = 0;
  std::uint64_t syncs_ = 0;
};

}  // namespace structwire::taskd::test
