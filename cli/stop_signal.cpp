// SPDX-License-Identifier: Apache-2.0
#include <cli/stop_signal.hpp>

#include <signal.h>

#include <atomic>

namespace structwire::cli {
namespace {

std::atomic<int> count = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler changes it");

}  // namespace

void watch_stop_signals() {
  struct sigaction action{};
  action.sa_handler = [](int) { count.fetch_add(1); };
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
}

int stop_signals() { return count.load(); }

}  // namespace structwire::cli
