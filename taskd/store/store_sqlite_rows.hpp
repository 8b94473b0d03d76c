// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/store/sqlite.hpp>
#include <taskd/tasks/record.hpp>

#include <string>
#include <string_view>

/// How a TaskRecord lies in a row of `tasks`, and in `large_values`.
namespace structwire::taskd {

/// Values above this many bytes are kept apart from the row, so that a transition writes the row's
/// page and no payload again; several rows with inline values share a page.
inline constexpr std::size_t inline_bytes_max = 1500;

/// The columns `task_of` reads, in its order.
inline constexpr std::string_view task_columns =
    "id, state, priority, attempt, max_attempts, lease_ms, created_at_us, due_us, fence, queue, "
    "type, worker, payload, result, errors";

/// Reads rows as records through one connection.
class TaskReader {
 public:
  explicit TaskReader(SqliteConnection& connection);

  /// The record of the row `row` stands on. A row that makes no sense fails the connection.
  [[nodiscard]] SharedTask task_of(const SqliteStatement& row);
  /// The record with this id, or null.
  [[nodiscard]] SharedTask find(TaskId id);

 private:
  SharedBytes value_of(const SqliteStatement& row, int column, std::int64_t key);

  SqliteConnection& connection_;
  SqliteStatement find_;
  SqliteStatement find_large_;
};

/// The key of a task's payload or result in `large_values`.
[[nodiscard]] inline std::int64_t payload_key(TaskId id) {
  return static_cast<std::int64_t>(id) * 2;
}
[[nodiscard]] inline std::int64_t result_key(TaskId id) { return payload_key(id) + 1; }

/// Errors as one column, little-endian: per error `i32 attempt, i64 at_us, u32 length, worker, u32
/// length, message`. None is empty.
[[nodiscard]] std::string errors_to_bytes(const std::vector<AttemptError>& errors);
[[nodiscard]] bool errors_from_bytes(std::span<const std::byte> bytes,
                                     std::vector<AttemptError>& errors);

}  // namespace structwire::taskd
