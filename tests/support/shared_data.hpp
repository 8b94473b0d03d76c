// SPDX-License-Identifier: Apache-2.0
#pragma once

// Conformance data from outside the tree (tests of other projects, public number tables). It is
// looked for in $STRUCTWIRE_SHARED, else in `../shared` next to the repository; tests without it
// say so and skip.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace structwire::testing {

/// The folder `conformance/<name>` of the shared data; it may be absent.
inline std::filesystem::path shared_folder(std::string_view name) {
  const char* shared = std::getenv("STRUCTWIRE_SHARED");
  const char* source = std::getenv("STRUCTWIRE_SOURCE_DIR");
  const std::filesystem::path beside =
      std::filesystem::path(source != nullptr ? source : ".") / ".." / "shared";
  return (shared != nullptr ? std::filesystem::path(shared) : beside) / "conformance" / name;
}

inline std::string file_content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace structwire::testing

/// Skips the running test when the folder is not there.
#define STRUCTWIRE_NEED_FOLDER(folder)  \
  if (!std::filesystem::exists(folder)) \
  GTEST_SKIP() << "no " << (folder) << " (set STRUCTWIRE_SHARED)"
