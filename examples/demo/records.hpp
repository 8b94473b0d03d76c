// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/msgpack.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The structs that travel as tasks and results, and the records of this machine.
namespace demo {

namespace sw = structwire;

inline constexpr const char* queue = "demo";

/// Task `check_file`: a path that a package has installed.
struct FileRecord {
  std::string package;
  std::string path;
  std::optional<std::string> md5;  ///< what the package states; directories and links have none
};

enum class PathKind { missing, file, directory, link, other, hidden };

struct FileFinding {
  PathKind kind = PathKind::missing;
  std::int64_t bytes = 0;      ///< of a file
  std::optional<bool> intact;  ///< whether the content has the stated MD5, where one is stated
  bool readable = true;        ///< for this user
};

/// Task `resolve_include`: an `#include` line of a header.
struct IncludeRecord {
  std::string file;
  std::int64_t line = 0;
  std::string target;   ///< what stands between the quotes or brackets
  bool quoted = false;  ///< in quotes: the header's own folder comes first
};

struct IncludeFinding {
  std::optional<std::string> found;  ///< the file that is meant
  std::int64_t bytes = 0;
};

/// Every path in the package database, in its order.
[[nodiscard]] std::vector<FileRecord> read_file_records();

/// Every `#include` line below /usr/include.
[[nodiscard]] std::vector<IncludeRecord> read_include_records();

/// Where the compiler looks for headers, in its order.
[[nodiscard]] std::vector<std::string> header_folders();

/// By what the summary sorts an include: `#include in boost`.
[[nodiscard]] std::string group_of(const IncludeRecord& record);

}  // namespace demo

template <>
inline constexpr auto structwire::enum_values<demo::PathKind> =
    structwire::by_name<demo::PathKind::missing, demo::PathKind::file, demo::PathKind::directory,
                        demo::PathKind::link, demo::PathKind::other, demo::PathKind::hidden>;
