// SPDX-License-Identifier: Apache-2.0
#include <taskd/log.hpp>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

namespace structwire::taskd {
namespace {

LogLevel level_wanted = LogLevel::info;

std::string time_text() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const std::time_t seconds = ms / 1000;
  std::tm fields{};
  gmtime_r(&seconds, &fields);
  char text[40];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &fields);
  std::snprintf(text + length, sizeof text - length, ".%03dZ", static_cast<int>(ms % 1000));
  return text;
}

}  // namespace

void set_log_level(LogLevel level) { level_wanted = level; }

bool logs(LogLevel level) { return level >= level_wanted; }

void log(LogLevel level, std::string_view text) {
  if (!logs(level)) return;
  std::string line = time_text();
  line.append(" ").append(log_level_names[static_cast<std::size_t>(level)]).append(" ");
  line.append(text).append("\n");
  // One write of the C library is one line, whatever other threads do.
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace structwire::taskd
