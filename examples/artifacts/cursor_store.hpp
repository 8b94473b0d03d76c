// SPDX-License-Identifier: Apache-2.0
#pragma once

// One file per dataset: how far its changes were read. A file is replaced as a whole: written
// beside it, flushed to the disk, renamed over it, and the folder flushed (POSIX rename(2)), so
// that readers and a crash see the old cursor or the new one. Any number of processes and threads
// may save and load at a time; the last save wins.

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

#include <examples/artifacts/artifacts.hpp>
#include <structwire/core/error.hpp>

namespace artifacts {

/// Why there is no cursor.
enum class CursorProblem : std::uint8_t {
  absent,        ///< No cursor was saved: begin at the beginning.
  corrupt,       ///< The file is no JSON: it was damaged or somebody else wrote it.
  wrong_schema,  ///< JSON, but not this version's cursor: other fields, or values out of range.
  unreadable,    ///< The file or folder could not be read or written.
};

struct CursorError {
  CursorProblem problem;
  std::string message;  ///< With the file, and where in it.
};

class CdfCursorStore {
 public:
  explicit CdfCursorStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Makes the folder where there is none. When it returns without an error, the cursor is on the
  /// disk.
  std::expected<void, CursorError> save(const CdfCursor& cursor) const;
  std::expected<CdfCursor, CursorError> load(std::string_view dataset_name) const;

  /// Any name makes a file of its own: what a file name cannot hold, and '%', stands as %XX.
  std::filesystem::path file_of(std::string_view dataset_name) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace artifacts
