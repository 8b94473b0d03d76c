// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <examples/demo/records.hpp>
#include <examples/demo/summary.hpp>

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

namespace demo {

/// The summary, computed without structwire and without the code of `checks.cpp`: by
/// std::filesystem, and by the program `md5sum`. `folder` is for its lists of files. `done` counts
/// up to the number of records, for the progress. Stops early when `stop` is set.
[[nodiscard]] Summary summarize_directly(const std::vector<FileRecord>& files,
                                         const std::vector<IncludeRecord>& includes,
                                         const std::string& folder, std::atomic<std::size_t>& done,
                                         const std::atomic<bool>& stop);

}  // namespace demo
