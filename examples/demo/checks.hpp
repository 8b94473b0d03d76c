// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <examples/demo/records.hpp>

/// The work of the tasks.
namespace demo {

/// Looks at the path, and reads the file where an MD5 is stated. A file that cannot be read is an
/// error: the attempt fails and is repeated.
[[nodiscard]] sw::Result<FileFinding> check_file(const FileRecord& record);

/// Looks for the file as the compiler would.
[[nodiscard]] sw::Result<IncludeFinding> resolve_include(const IncludeRecord& record);

}  // namespace demo
