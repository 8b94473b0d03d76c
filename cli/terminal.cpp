// SPDX-License-Identifier: Apache-2.0
#include <cli/terminal.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace structwire::cli {

bool output_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool errors_are_terminal() { return ::isatty(STDERR_FILENO) == 1; }
bool input_is_terminal() { return ::isatty(STDIN_FILENO) == 1; }

std::size_t terminal_width() {
  winsize size{};
  for (const int fd : {STDERR_FILENO, STDOUT_FILENO}) {
    if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  return 80;
}

bool colours_wanted() {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (refused != nullptr && *refused != '\0') return false;
  if (terminal != nullptr && std::strcmp(terminal, "dumb") == 0) return false;
  return output_is_terminal();
}

std::string coloured(std::string_view text, Colour colour) {
  static const bool wanted = colours_wanted();
  if (!wanted || colour == Colour::plain) return std::string(text);
  const char* code = "90";
  switch (colour) {
    case Colour::green:
      code = "32";
      break;
    case Colour::red:
      code = "31";
      break;
    case Colour::yellow:
      code = "33";
      break;
    case Colour::blue:
      code = "34";
      break;
    case Colour::plain:
    case Colour::grey:
      break;
  }
  return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

ProgressLine::ProgressLine() : visible_(errors_are_terminal()) {}
ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::show(std::string_view text) {
  if (!visible_) return;
  // The last column stays free: some terminals wrap when it is written.
  const std::string_view fitting = text.substr(0, terminal_width() - 1);
  std::fprintf(stderr, "\r\x1b[K%.*s", static_cast<int>(fitting.size()), fitting.data());
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

void complain(std::string_view text) {
  std::fprintf(stderr, "structwire: %.*s\n", static_cast<int>(text.size()), text.data());
}

bool put(std::string_view data) {
  if (std::fwrite(data.data(), 1, data.size(), stdout) == data.size() && std::fflush(stdout) == 0) {
    return true;
  }
  // Whoever closed the pipe does not want to hear about it.
  if (errno != EPIPE) complain(std::string("cannot write: ") + std::strerror(errno));
  return false;
}

bool put_line(std::string_view line) { return put(std::string(line) + "\n"); }

}  // namespace structwire::cli
