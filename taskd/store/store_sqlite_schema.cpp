// SPDX-License-Identifier: Apache-2.0
#include <taskd/store/store_sqlite_schema.hpp>

#include <string>
#include <utility>

namespace structwire::taskd {
namespace {

// "swtk" in the file's header tells our files from others, user_version their layout.
constexpr auto application_id = "1937208427";
constexpr auto schema_version = "1";

// Why it is like this:
// - One row per task, so that a task is made by one insert. The columns an index needs are never
//   after the payload, and values too large for a row live in large_values, so that a claim does
//   not write a payload again. A payload or result is then the number of its bytes.
// - due_us is the time a task waits for in its state: start when scheduled, lease end when running.
// - Both indexes are partial: a finished task is in neither, so history costs no time.
// - The columns allow NULL because finishing several tasks at once is an upsert, and that checks
//   NOT NULL before it finds that the row exists.
// - States are those of api/task_state.hpp: 0 scheduled, 1 queued, 2 running, 3 succeeded, 4 dead,
//   5 cancelled.
constexpr auto tables = R"sql(
CREATE TABLE tasks(
  id INTEGER PRIMARY KEY,
  state INTEGER,
  priority INTEGER,
  attempt INTEGER,
  max_attempts INTEGER,
  lease_ms INTEGER,
  created_at_us INTEGER,
  due_us INTEGER,
  fence INTEGER,
  queue TEXT,
  type TEXT,
  worker TEXT,
  payload,
  result,
  errors BLOB
);
CREATE INDEX tasks_queued ON tasks(queue, priority DESC, id) WHERE state = 1;
CREATE INDEX tasks_due ON tasks(state, due_us) WHERE state IN (0, 2);
CREATE TABLE large_values(
  key INTEGER PRIMARY KEY,  -- task id * 2, and 1 more for a result
  bytes BLOB NOT NULL
);
CREATE TABLE counters(
  only INTEGER PRIMARY KEY CHECK (only = 1),
  next_id INTEGER NOT NULL,
  next_fence INTEGER NOT NULL
);
INSERT INTO counters VALUES (1, 1, 1);
)sql";

std::unexpected<Refusal> refused(const std::string& message) {
  return std::unexpected(Refusal{api::Code::store_failed, message, {}});
}

Attempt<void> create_tables(SqliteConnection& connection) {
  return connection.execute(std::string("BEGIN IMMEDIATE; PRAGMA application_id = ") +
                            application_id + "; PRAGMA user_version = " + schema_version + ";" +
                            tables + "COMMIT;");
}

// A whole check reads the whole file, so it is done while that takes a moment; in a larger file
// damage is found when it is met.
Attempt<void> check_if_small(SqliteConnection& connection) {
  constexpr long pages_max = 8192;  // 64 MiB
  const auto pages = connection.ask("PRAGMA page_count");
  if (!pages) return std::unexpected(pages.error());
  if (std::stol(*pages) > pages_max) return {};
  const auto verdict = connection.ask("PRAGMA quick_check(1)");
  if (!verdict) return std::unexpected(verdict.error());
  if (*verdict == "ok") return {};
  return refused(connection.path() + ": damaged: " + *verdict);
}

}  // namespace

Attempt<void> prepare_schema(SqliteConnection& connection) {
  const auto application = connection.ask("PRAGMA application_id");
  if (!application) return std::unexpected(application.error());
  const auto version = connection.ask("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  const auto things = connection.ask("SELECT count(*) FROM sqlite_schema");
  if (!things) return std::unexpected(things.error());

  if (*application == "0" && *version == "0" && *things == "0") return create_tables(connection);
  if (*application != application_id) {
    return refused(connection.path() + ": a SQLite file, but not one of structwired");
  }
  if (*version != schema_version) {
    return refused(connection.path() + ": has layout " + *version + ", this structwired knows " +
                   schema_version);
  }
  return check_if_small(connection);
}

}  // namespace structwire::taskd
