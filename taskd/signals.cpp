// SPDX-License-Identifier: Apache-2.0
#include <taskd/signals.hpp>

#include <csignal>
#include <cstdlib>
#include <initializer_list>

namespace structwire::taskd {
namespace {

sigset_t end_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

extern "C" void end_at_once(int signal) { std::_Exit(128 + signal); }

}  // namespace

void block_end_signals() {
  const sigset_t set = end_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int wait_for_end_signal() {
  const sigset_t set = end_signals();
  int signal = 0;
  while (sigwait(&set, &signal) != 0) continue;
  for (const int each : {SIGTERM, SIGINT, SIGHUP}) std::signal(each, end_at_once);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  return signal;
}

const char* signal_name(int signal) {
  switch (signal) {
    case SIGTERM:
      return "SIGTERM";
    case SIGINT:
      return "SIGINT";
    default:
      return "SIGHUP";
  }
}

}  // namespace structwire::taskd
