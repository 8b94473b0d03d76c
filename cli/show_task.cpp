// SPDX-License-Identifier: Apache-2.0
#include <cli/show_task.hpp>

#include <structwire/json.hpp>

#include <chrono>

namespace structwire::cli {

std::string task_json(const taskd::api::Task& task) { return json::encode(task); }

std::string raw_json(const Raw& raw) { return json::encode(raw); }

Colour colour_of(taskd::api::TaskState state) {
  using enum taskd::api::TaskState;
  switch (state) {
    case succeeded:
      return Colour::green;
    case dead:
      return Colour::red;
    case running:
      return Colour::blue;
    case scheduled:
      return Colour::yellow;
    case cancelled:
      return Colour::grey;
    case queued:
      return Colour::plain;
  }
  return Colour::plain;
}

std::string age_text(std::int64_t then_us, std::int64_t now_us) {
  const std::int64_t seconds = (now_us - then_us) / 1'000'000;
  if (seconds < 1) return "just now";
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 120 * 60) return std::to_string(seconds / 60) + " min";
  if (seconds < 48 * 3600) return std::to_string(seconds / 3600) + " h";
  return std::to_string(seconds / 86400) + " d";
}

std::int64_t now_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace structwire::cli
