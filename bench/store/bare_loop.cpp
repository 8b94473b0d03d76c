// SPDX-License-Identifier: Apache-2.0
// The bare SQLite loop that the store is measured against.
#include <sqlite3.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <bench/store/measure.hpp>

namespace structwire::bench {
namespace {

class BareLoop {
 public:
  BareLoop(const std::filesystem::path& directory, int batch) : batch_(batch) {
    if (sqlite3_open((directory / "bare.db").c_str(), &database_) != SQLITE_OK) stop("open");
    run(R"sql(
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 4096;
PRAGMA cache_size = -65536;
CREATE TABLE tasks(id INTEGER PRIMARY KEY, queue TEXT, type TEXT, state INTEGER, priority INTEGER,
  attempt INTEGER, lease_until_us INTEGER, worker TEXT, payload BLOB, result BLOB);
CREATE INDEX claim ON tasks(queue, priority DESC, id) WHERE state = 0;
)sql");
    insert_ = prepare(
        "INSERT INTO tasks(queue, type, state, priority, attempt, payload) "
        "VALUES ('bench', 'type', 0, 0, 0, ?1)");
    claim_ = prepare(
        "UPDATE tasks SET state = 1, attempt = attempt + 1, lease_until_us = ?1, "
        "worker = 'worker' WHERE id IN (SELECT id FROM tasks WHERE queue = 'bench' "
        "AND state = 0 ORDER BY priority DESC, id LIMIT ?2) RETURNING id, payload");
    complete_ = prepare("UPDATE tasks SET state = 2, result = ?2 WHERE id = ?1 AND state = 1");
  }
  ~BareLoop() {
    for (sqlite3_stmt* each : {insert_, claim_, complete_}) sqlite3_finalize(each);
    sqlite3_close(database_);
  }
  BareLoop(const BareLoop&) = delete;
  BareLoop& operator=(const BareLoop&) = delete;

  void cycle() {
    run("BEGIN IMMEDIATE");
    for (int i = 0; i < batch_; ++i) {
      sqlite3_bind_blob(insert_, 1, payload_.data(), static_cast<int>(payload_.size()),
                        SQLITE_STATIC);
      step(insert_);
    }
    run("COMMIT");

    run("BEGIN IMMEDIATE");
    ids_.clear();
    sqlite3_bind_int64(claim_, 1, 1'700'000'000'000'000 + static_cast<std::int64_t>(++cycles_));
    sqlite3_bind_int64(claim_, 2, batch_);
    while (sqlite3_step(claim_) == SQLITE_ROW) {
      ids_.push_back(sqlite3_column_int64(claim_, 0));
      claimed_.assign(static_cast<const char*>(sqlite3_column_blob(claim_, 1)),
                      static_cast<std::size_t>(sqlite3_column_bytes(claim_, 1)));
    }
    sqlite3_reset(claim_);
    run("COMMIT");
    if (ids_.size() != static_cast<std::size_t>(batch_)) stop("the bare loop lost tasks");

    run("BEGIN IMMEDIATE");
    for (const std::int64_t id : ids_) {
      sqlite3_bind_int64(complete_, 1, id);
      sqlite3_bind_blob(complete_, 2, result_.data(), static_cast<int>(result_.size()),
                        SQLITE_STATIC);
      step(complete_);
    }
    run("COMMIT");
  }

 private:
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) != SQLITE_OK) {
      stop(sqlite3_errmsg(database_));
    }
    return statement;
  }
  void run(const char* sql) {
    if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
      stop(sqlite3_errmsg(database_));
    }
  }
  void step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) stop(sqlite3_errmsg(database_));
    sqlite3_reset(statement);
  }

  int batch_;
  std::uint64_t cycles_ = 0;
  std::string payload_ = std::string(payload_size, 'p');
  std::string result_ = std::string(result_size, 'r');
  std::string claimed_;
  std::vector<std::int64_t> ids_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  sqlite3_stmt* claim_ = nullptr;
  sqlite3_stmt* complete_ = nullptr;
};

}  // namespace

double bare_rate(const Options& options, int batch) {
  const Scratch scratch(options.data);
  BareLoop loop(scratch.path(), batch);
  return rate(options.milliseconds, batch, [&] { loop.cycle(); });
}

}  // namespace structwire::bench
