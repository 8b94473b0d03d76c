// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/tasks/refusal.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// SQLite as this folder uses it: the only code here that sees `sqlite3.h`.
///
/// **Failure is sticky**: a connection remembers its first failure, after which every statement
/// answers "no row" at once, until `take_failure`. So a sequence of statements is checked once.
/// A connection and its statements belong to one thread at a time.
namespace structwire::taskd {

class SqliteConnection;

/// A prepared statement; must not outlive its connection. Bound text and bytes must stay alive
/// until the statement is reset, which `next` does by itself after the last row.
class SqliteStatement {
 public:
  SqliteStatement() = default;
  SqliteStatement(SqliteConnection& connection, std::string_view sql);
  SqliteStatement(SqliteStatement&& other) noexcept;
  SqliteStatement& operator=(SqliteStatement&& other) noexcept;
  ~SqliteStatement();

  /// Parameters and columns count as in SQLite: parameters from 1, columns from 0.
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, std::string_view text);
  void bind(int parameter, std::span<const std::byte> bytes);
  void bind_null(int parameter);

  /// Steps to the next row; false after the last one or on failure, and the statement is reset.
  bool next();
  /// Runs a statement that returns no rows.
  void run() {
    while (next()) {
    }
  }
  /// Ends a statement that was not read to its end.
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  /// Views into the row, until the next step.
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::span<const std::byte> bytes(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] bool is_integer(int column) const;

 private:
  void check(int result);

  SqliteConnection* connection_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

struct SqliteOpenOptions {
  bool create = false;
  std::string vfs;  ///< empty: the system's
};

class SqliteConnection {
 public:
  [[nodiscard]] static Attempt<std::unique_ptr<SqliteConnection>> open(
      const std::string& path, const SqliteOpenOptions& options);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  /// Runs statements that return nothing of interest; for opening, not for work.
  [[nodiscard]] Attempt<void> execute(const std::string& sql);
  /// The first column of the first row, as text.
  [[nodiscard]] Attempt<std::string> ask(const std::string& sql);

  [[nodiscard]] const std::string& path() const { return path_; }

  /// Whether a transaction is open.
  [[nodiscard]] bool in_transaction() const;

  [[nodiscard]] bool failed() const { return failure_.has_value(); }
  /// Adds a failure found by the caller, such as a row that makes no sense.
  void fail(std::string message);
  /// The first failure, and the connection is usable again.
  [[nodiscard]] std::optional<Refusal> take_failure();

 private:
  friend class SqliteStatement;

  SqliteConnection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  void note(int result);

  sqlite3* handle_;
  std::string path_;
  std::optional<Refusal> failure_;
};

}  // namespace structwire::taskd
