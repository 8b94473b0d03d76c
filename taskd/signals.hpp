// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace structwire::taskd {

/// SIGTERM, SIGINT and SIGHUP. To be called before any thread is started: threads inherit it.
void block_end_signals();

/// Waits for the first one. From then on a second one ends the process at once, with 128 + its
/// number: whoever asks twice does not want to wait.
[[nodiscard]] int wait_for_end_signal();

[[nodiscard]] const char* signal_name(int signal);

}  // namespace structwire::taskd
