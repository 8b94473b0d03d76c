// SPDX-License-Identifier: Apache-2.0
#include <examples/demo/worker.hpp>

#include <examples/demo/checks.hpp>
#include <taskd/client/worker.hpp>

#include <csignal>
#include <cstdio>

namespace demo {
namespace {

sw::taskd::Worker* worker_to_stop = nullptr;

// So short only to be quick here: when a worker is killed, its tasks are others' after this time.
constexpr std::int64_t lease_ms = 3000;

}  // namespace

int run_worker(const Options& options) {
  sw::taskd::Worker worker({
      .client = {.server = options.server},
      .queue = queue,
      .name = options.worker_name,
      .batch = 256,
      .lease_ms = lease_ms,
      .wait_ms = 200,
      .on_completed =
          [](std::size_t count) {
            std::printf("%zu\n", count);
            std::fflush(stdout);
          },
  });
  worker.handle<FileRecord, FileFinding>("check_file", check_file);
  worker.handle<IncludeRecord, IncludeFinding>("resolve_include", resolve_include);

  worker_to_stop = &worker;
  std::signal(SIGTERM, [](int) { worker_to_stop->stop(); });
  std::signal(SIGPIPE, SIG_IGN);
  const auto ended = worker.run();
  if (!ended)
    std::fprintf(stderr, "%s: %s\n", options.worker_name.c_str(), ended.error().message.c_str());
  return ended ? 0 : 1;
}

}  // namespace demo
