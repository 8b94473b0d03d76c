// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <examples/demo/options.hpp>

namespace demo {

/// What a worker process does until SIGTERM: the tasks of the queue, in batches. It writes how many
/// results were accepted to standard output, a number per line, for the progress. Returns the exit
/// status.
[[nodiscard]] int run_worker(const Options& options);

}  // namespace demo
