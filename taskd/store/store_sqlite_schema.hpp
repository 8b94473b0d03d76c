// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/store/sqlite.hpp>

namespace structwire::taskd {

/// Makes the tables in a new file; accepts a file with them; refuses every other file with a
/// sentence that says what it is: not a database, somebody else's, a newer version's, damaged.
[[nodiscard]] Attempt<void> prepare_schema(SqliteConnection& connection);

}  // namespace structwire::taskd
