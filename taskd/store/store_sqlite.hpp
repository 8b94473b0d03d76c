// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/store.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

/// Tasks in one SQLite file: write-ahead log, `synchronous=FULL`, one writer. The file can be read
/// with the `sqlite3` tool while the daemon runs (`store_sqlite_schema.cpp` has its tables).
///
/// Durable: what `commit` returned is on the disk, as far as the disk's flush is honest.
namespace structwire::taskd {

struct StoreSqliteOptions {
  /// Holds `tasks.db`, its `-wal` and `-shm`, and `lock`. Made if absent (not its parents). One
  /// process at a time: a second one is refused.
  std::filesystem::path directory;
  /// Records kept in memory so that finishing a task needs no read.
  std::size_t cache_bytes_max = 64 * 1024 * 1024;

  /// Only for tests: which SQLite VFS to use, and what to do without.
  std::string vfs_for_tests;
  bool unsynced_for_tests = false;   ///< `synchronous=OFF`: loses data at a power cut
  bool exclusive_for_tests = false;  ///< no shared memory; reads then go through the writer
};

/// Opens or creates the store. Refused with a sentence that names the file when it is in use, is
/// not a structwire store, is damaged, or was written by a newer version.
[[nodiscard]] Attempt<std::unique_ptr<Store>> open_store_sqlite(const StoreSqliteOptions& options);

}  // namespace structwire::taskd
