// SPDX-License-Identifier: Apache-2.0
#include <taskd/store/store_sqlite_rows.hpp>

#include <concepts>
#include <limits>
#include <memory>
#include <utility>

namespace structwire::taskd {
namespace {

template <std::unsigned_integral Number>
void append_number(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    out.push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
  }
}

void append_text(std::string& out, const std::string& text) {
  append_number(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

/// Takes pieces off the front; once something is missing, everything is.
struct ByteCursor {
  std::span<const std::byte> rest;
  bool intact = true;

  std::span<const std::byte> take(std::size_t size) {
    intact = intact && size <= rest.size();
    if (!intact) return {};
    const auto piece = rest.first(size);
    rest = rest.subspan(size);
    return piece;
  }

  template <std::unsigned_integral Number>
  Number number() {
    Number value = 0;
    std::size_t shift = 0;
    for (const std::byte each : take(sizeof value)) {
      value |= static_cast<Number>(static_cast<Number>(each) << shift);
      shift += 8;
    }
    return value;
  }

  std::string text() {
    const auto piece = take(number<std::uint32_t>());
    return {reinterpret_cast<const char*>(piece.data()), piece.size()};
  }
};

template <class Number>
bool narrow(std::int64_t from, Number& to) {
  to = static_cast<Number>(from);
  return std::in_range<Number>(from);
}

SharedBytes shared(std::span<const std::byte> bytes) {
  Bytes copy;
  copy.assign(bytes.begin(), bytes.end());
  return copy;
}

}  // namespace

std::string errors_to_bytes(const std::vector<AttemptError>& errors) {
  std::string out;
  for (const AttemptError& error : errors) {
    append_number(out, static_cast<std::uint32_t>(error.attempt));
    append_number(out, static_cast<std::uint64_t>(error.at_us));
    append_text(out, error.worker);
    append_text(out, error.message);
  }
  return out;
}

bool errors_from_bytes(std::span<const std::byte> bytes, std::vector<AttemptError>& errors) {
  ByteCursor cursor{bytes};
  while (cursor.intact && !cursor.rest.empty()) {
    AttemptError& error = errors.emplace_back();
    error.attempt = static_cast<std::int32_t>(cursor.number<std::uint32_t>());
    error.at_us = static_cast<std::int64_t>(cursor.number<std::uint64_t>());
    error.worker = cursor.text();
    error.message = cursor.text();
  }
  return cursor.intact;
}

TaskReader::TaskReader(SqliteConnection& connection)
    : connection_(connection),
      find_(connection, "SELECT " + std::string(task_columns) + " FROM tasks WHERE id = ?"),
      find_large_(connection, "SELECT bytes FROM large_values WHERE key = ?") {}

SharedTask TaskReader::find(TaskId id) {
  if (id > static_cast<TaskId>(std::numeric_limits<std::int64_t>::max())) return nullptr;
  find_.bind(1, static_cast<std::int64_t>(id));
  if (!find_.next()) return nullptr;
  SharedTask task = task_of(find_);
  find_.reset();
  return task;
}

SharedBytes TaskReader::value_of(const SqliteStatement& row, int column, std::int64_t key) {
  if (row.is_null(column)) return {};
  if (!row.is_integer(column)) return shared(row.bytes(column));
  const std::int64_t size = row.integer(column);
  find_large_.bind(1, key);
  if (!find_large_.next()) {
    connection_.fail("the value " + std::to_string(key) + " is missing");
    return {};
  }
  SharedBytes value = shared(find_large_.bytes(0));
  find_large_.reset();
  if (std::cmp_not_equal(value.size(), size)) {
    connection_.fail("the value " + std::to_string(key) + " has another size than its task says");
  }
  return value;
}

SharedTask TaskReader::task_of(const SqliteStatement& row) {
  auto task = std::make_shared<TaskRecord>();
  unsigned state = 0;
  bool intact = narrow(row.integer(0), task->id) && narrow(row.integer(1), state) &&
                state < api::task_states.size() && narrow(row.integer(2), task->priority) &&
                narrow(row.integer(3), task->attempt) &&
                narrow(row.integer(4), task->max_attempts) && narrow(row.integer(8), task->fence);
  task->state = static_cast<TaskState>(state);
  task->lease_ms = row.integer(5);
  task->created_at_us = row.integer(6);
  task->due_us = row.integer(7);
  task->queue = row.text(9);
  task->type = row.text(10);
  task->worker = row.text(11);
  task->payload = value_of(row, 12, payload_key(task->id));
  task->result = value_of(row, 13, result_key(task->id));
  intact = intact && errors_from_bytes(row.bytes(14), task->errors);
  if (!intact)
    connection_.fail("the row of task " + std::to_string(row.integer(0)) + " is damaged");
  return task;
}

}  // namespace structwire::taskd
