// SPDX-License-Identifier: Apache-2.0
#include <examples/demo/progress.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace demo {
namespace {

constexpr std::chrono::milliseconds interval_terminal{100};
constexpr std::chrono::seconds interval_pipe{5};

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

Progress::Progress()
    : terminal_(::isatty(STDOUT_FILENO) == 1),
      next_(Clock::now() + (terminal_ ? Clock::duration::zero() : interval_pipe)) {}

void Progress::show(const std::string& text) {
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? Clock::duration(interval_terminal) : Clock::duration(interval_pipe));
  if (terminal_) {
    std::printf("\r\x1b[K  %s", text.substr(0, terminal_width() - 3).c_str());
    shown_ = true;
  } else {
    std::printf("  %s\n", text.c_str());
  }
  std::fflush(stdout);
}

void Progress::say(const std::string& text) {
  clear();
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
}

void Progress::clear() {
  if (shown_) std::fputs("\r\x1b[K", stdout);
  shown_ = false;
}

double Rate::update(std::size_t total) {
  const Clock::time_point now = Clock::now();
  const std::chrono::duration<double> passed = now - then_;
  if (passed.count() >= 1) {
    rate_ = static_cast<double>(total - before_) / passed.count();
    before_ = total;
    then_ = now;
  }
  return rate_;
}

}  // namespace demo
