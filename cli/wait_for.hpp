// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/client/client.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace structwire::cli {

/// Waits until each of the tasks has ended, in order, and prints its result as a line (laid out on
/// a terminal) or its error. On a terminal it shows meanwhile what it waits for. An outage of the
/// daemon is sat out. Returns the exit status: that of the worst task.
[[nodiscard]] int wait_for(taskd::Client& client, const std::vector<std::uint64_t>& ids,
                           std::optional<double> timeout_seconds);

}  // namespace structwire::cli
