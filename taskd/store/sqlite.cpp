// SPDX-License-Identifier: Apache-2.0
#include <taskd/store/sqlite.hpp>

#include <sqlite3.h>

#include <mutex>
#include <utility>

namespace structwire::taskd {
namespace {

// SQLite counts its memory under a process-wide mutex by default, which costs about a sixth
// of a small statement. Nobody reads the counts. Too late, and harmless, once SQLite is in use.
void stop_counting_memory() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

Refusal refusal_of(int result, const std::string& path, const std::string& message) {
  const bool full = (result & 0xFF) == SQLITE_FULL;
  return {full ? api::Code::disk_full : api::Code::store_failed,
          path + ": " + message + " (SQLite " + std::to_string(result) + ")",
          {}};
}

}  // namespace

SqliteStatement::SqliteStatement(SqliteConnection& connection, std::string_view sql)
    : connection_(&connection) {
  check(sqlite3_prepare_v3(connection.handle_, sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
}

SqliteStatement::SqliteStatement(SqliteStatement&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)),
      statement_(std::exchange(other.statement_, nullptr)) {}

SqliteStatement& SqliteStatement::operator=(SqliteStatement&& other) noexcept {
  std::swap(connection_, other.connection_);
  std::swap(statement_, other.statement_);
  return *this;
}

SqliteStatement::~SqliteStatement() { sqlite3_finalize(statement_); }

void SqliteStatement::check(int result) {
  if (result != SQLITE_OK) connection_->note(result);
}

void SqliteStatement::bind(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, parameter, value));
}

void SqliteStatement::bind(int parameter, std::string_view text) {
  check(sqlite3_bind_text64(statement_, parameter, text.data() ? text.data() : "", text.size(),
                            SQLITE_STATIC, SQLITE_UTF8));
}

void SqliteStatement::bind(int parameter, std::span<const std::byte> bytes) {
  check(bytes.empty() ? sqlite3_bind_zeroblob(statement_, parameter, 0)
                      : sqlite3_bind_blob64(statement_, parameter, bytes.data(), bytes.size(),
                                            SQLITE_STATIC));
}

void SqliteStatement::bind_null(int parameter) { check(sqlite3_bind_null(statement_, parameter)); }

bool SqliteStatement::next() {
  if (connection_->failed()) {
    reset();
    return false;
  }
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) connection_->note(result);
  reset();
  return false;
}

void SqliteStatement::reset() { sqlite3_reset(statement_); }

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view SqliteStatement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::span<const std::byte> SqliteStatement::bytes(int column) const {
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

bool SqliteStatement::is_integer(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_INTEGER;
}

Attempt<std::unique_ptr<SqliteConnection>> SqliteConnection::open(
    const std::string& path, const SqliteOpenOptions& options) {
  // Without SQLite's own mutex: a connection belongs to one thread at a time.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (options.create ? SQLITE_OPEN_CREATE : 0);
  stop_counting_memory();
  sqlite3* handle = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags,
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(handle, path));
  if (result == SQLITE_OK) return connection;
  return std::unexpected(
      refusal_of(result, path, handle ? sqlite3_errmsg(handle) : sqlite3_errstr(result)));
}

SqliteConnection::~SqliteConnection() { sqlite3_close_v2(handle_); }

Attempt<void> SqliteConnection::execute(const std::string& sql) {
  const int result = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (result == SQLITE_OK) return {};
  return std::unexpected(refusal_of(result, path_, sqlite3_errmsg(handle_)));
}

Attempt<std::string> SqliteConnection::ask(const std::string& sql) {
  SqliteStatement statement(*this, sql);
  std::string answer;
  if (statement.next()) answer = statement.text(0);
  statement.reset();
  if (auto failure = take_failure()) return std::unexpected(std::move(*failure));
  return answer;
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

void SqliteConnection::fail(std::string message) {
  if (!failure_) failure_ = Refusal{api::Code::store_failed, path_ + ": " + message, {}};
}

std::optional<Refusal> SqliteConnection::take_failure() {
  return std::exchange(failure_, std::nullopt);
}

void SqliteConnection::note(int result) {
  if (!failure_) failure_ = refusal_of(result, path_, sqlite3_errmsg(handle_));
}

}  // namespace structwire::taskd
