// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The named limits of the task API. Every door, the engine and the stores use these and no others,
/// so that a task one door accepts is never refused by the next layer.
namespace structwire::taskd::api {

/// Longest queue or type name in bytes. Names are never empty.
inline constexpr std::size_t name_bytes_max = 128;
/// Longest worker name in bytes; any UTF-8 text, may be empty.
inline constexpr std::size_t worker_bytes_max = 256;

/// Largest payload or result, counted in its canonical MessagePack bytes.
inline constexpr std::size_t payload_bytes_max = 1024 * 1024;
/// Largest request body a door reads: one full batch of ordinary tasks, or sixteen largest ones.
inline constexpr std::size_t body_bytes_max = 16 * 1024 * 1024;
/// A claim or a page of a list stops growing beyond this many payload bytes (it always holds one).
inline constexpr std::size_t answer_bytes_max = 8 * 1024 * 1024;

/// Most tasks in one submit, one claim or one batch form.
inline constexpr std::int64_t batch_tasks_max = 4096;
/// Most tasks in one page of a list.
inline constexpr std::int64_t list_tasks_max = 1000;

/// Higher priorities are handed out first.
inline constexpr std::int64_t priority_min = -1000;
inline constexpr std::int64_t priority_max = 1000;

inline constexpr std::int64_t max_attempts_max = 1000;
inline constexpr std::int64_t max_attempts_default = 10;

inline constexpr std::int64_t lease_ms_min = 1;
inline constexpr std::int64_t lease_ms_max = 24 * 60 * 60 * 1000;
inline constexpr std::int64_t lease_ms_default = 30'000;

/// Longest time a claim may wait for work.
inline constexpr std::int64_t wait_ms_max = 60'000;

/// Times and ids stay below 2^53, so that they are exact as JSON numbers everywhere.
inline constexpr std::int64_t json_integer_max = 9'007'199'254'740'991;

/// Text kept of one failure; a longer text is cut at a character, not refused: a worker's last
/// words must not cost it the failure report.
inline constexpr std::size_t error_text_bytes_max = 4096;
/// Failures kept per task; the oldest goes first.
inline constexpr std::size_t errors_kept_max = 5;

/// Queue names appear in URL paths and metric labels: letters, digits, `.`, `_` and `-`.
[[nodiscard]] constexpr bool is_queue_name(std::string_view name) {
  if (name.empty() || name.size() > name_bytes_max) return false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    if (!letter && !digit && c != '.' && c != '_' && c != '-') return false;
  }
  // A path segment of dots alone is removed by URL normalisation.
  return name != "." && name != "..";
}

/// Type names are often qualified: as queue names, and also `:` and `/`.
[[nodiscard]] constexpr bool is_type_name(std::string_view name) {
  if (name.empty() || name.size() > name_bytes_max) return false;
  for (const char c : name) {
    if (c != ':' && c != '/' && !is_queue_name(std::string_view(&c, 1)) && c != '.') return false;
  }
  return true;
}

}  // namespace structwire::taskd::api
