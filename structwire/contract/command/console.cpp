// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/command/console.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace structwire::contract {
namespace {

bool write_to(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(descriptor, text.data(), text.size());
    if (size < 0 && errno != EINTR) return false;
    if (size > 0) text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::string_view code_of(Paint paint) noexcept {
  switch (paint) {
    case Paint::error: return "1;31";
    case Paint::silent: return "1;35";
    case Paint::accepted: return "33";
    case Paint::note: return "36";
    case Paint::frame: return "34";
    case Paint::good: return "32";
    case Paint::strong: return "1";
    case Paint::dim: return "2";
    case Paint::plain: break;
  }
  return {};
}

}  // namespace

std::string Style::operator()(Paint paint, std::string_view text) const {
  if (!colours || paint == Paint::plain || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code_of(paint)) + "m" + std::string(text) + "\x1b[0m";
}

Style style_of_output() {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool allowed = (refused == nullptr || *refused == '\0') && (terminal == nullptr || std::string_view(terminal) != "dumb");
  return {allowed && ::isatty(STDOUT_FILENO) == 1};
}

bool put(std::string_view text) { return write_to(STDOUT_FILENO, text); }
bool complain(std::string_view text) { return write_to(STDERR_FILENO, text); }

}  // namespace structwire::contract
