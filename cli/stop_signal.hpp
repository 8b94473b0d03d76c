// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace structwire::cli {

/// Counts SIGINT and SIGTERM instead of dying of them, from the call on.
void watch_stop_signals();

/// How many came so far: once means finish, twice means now.
[[nodiscard]] int stop_signals();

}  // namespace structwire::cli
