// SPDX-License-Identifier: Apache-2.0
//
// The store in a SQLite file. `sqlite.*` wraps the library, `store_sqlite_schema.*` says how the
// file is laid out, `store_sqlite_rows.*` how a record lies in a row, `task_cache.hpp` keeps the
// records that are likely to be asked for next. What a task may become is none of its business.
//
// One connection writes, and belongs to the committer's thread; a second one reads, under a mutex,
// and sees the last commit. The cache is coherent because nobody else writes: the directory is
// locked, and `data_version` betrays anybody who writes to the file with another tool.
#include <taskd/store/store_sqlite.hpp>

#include <structwire/core/config.hpp>
#include <taskd/store/directory_lock.hpp>
#include <taskd/store/sqlite.hpp>
#include <taskd/store/store_sqlite_rows.hpp>
#include <taskd/store/store_sqlite_schema.hpp>
#include <taskd/store/task_cache.hpp>

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

namespace structwire::taskd {
namespace {

// A list looks at this many ids per step and at most this many steps, so that a filter which fits
// nothing cannot hold the reading connection for long: the page then ends early.
constexpr std::int64_t list_step = 65'536;
constexpr int list_steps_max = 16;

std::int64_t number(TaskId id) { return static_cast<std::int64_t>(id); }
std::int64_t number(TaskState state) { return static_cast<std::int64_t>(state); }

// Rows that one statement writes when there are as many: a fifth to a third less time than as many
// statements of one row. Four rows gain next to nothing.
constexpr int rows_at_once = 16;

std::string repeated(const std::string& row, int times) {
  std::string all = row;
  for (int i = 1; i < times; ++i) all += ", " + row;
  return all;
}

std::string insert_sql(int rows) {
  return "INSERT INTO tasks(id, state, priority, attempt, max_attempts, lease_ms, created_at_us, "
         "due_us, fence, queue, type, worker, payload) VALUES " +
         repeated("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows);
}

// An update in the form of an insert, because only that takes several rows with values of their
// own.
std::string finish_sql(int rows) {
  return "INSERT INTO tasks(id, state, due_us, result) VALUES " + repeated("(?, ?, ?, ?)", rows) +
         " ON CONFLICT(id) DO UPDATE SET state = excluded.state, due_us = excluded.due_us, "
         "result = excluded.result";
}

/// Claims of neighbouring tasks, which one statement writes: ids and fences both rise by one, and
/// everything else is the same.
struct LeaseRun {
  std::size_t size = 0;
  SharedTask first;

  [[nodiscard]] bool continues_with(const TaskRecord& task) const {
    return task.id == first->id + size && task.fence == first->fence + size &&
           task.due_us == first->due_us && task.attempt == first->attempt &&
           task.worker == first->worker;
  }
};

struct Counters {
  TaskId next_id = 1;
  Fence next_fence = 1;

  friend bool operator==(const Counters&, const Counters&) = default;
};

/// The writing connection with its prepared statements, and what is kept in memory of the file.
class WriterSqlite final : public Transaction {
 public:
  WriterSqlite(SqliteConnection& connection, std::size_t cache_bytes_max)
      : connection_(connection),
        reader_(connection),
        cache_(cache_bytes_max),
        begin_(connection, "BEGIN IMMEDIATE"),
        commit_(connection, "COMMIT"),
        version_(connection, "PRAGMA data_version"),
        insert_one_(connection, insert_sql(1)),
        insert_many_(connection, insert_sql(rows_at_once)),
        insert_large_(connection, "INSERT INTO large_values(key, bytes) VALUES (?1, ?2)"),
        update_state_(connection, "UPDATE tasks SET state = ?2, due_us = ?3 WHERE id = ?1"),
        update_lease_(connection,
                      "UPDATE tasks SET state = 2, due_us = ?3, attempt = ?4, "
                      "fence = ?5 + (id - ?1), worker = ?6 WHERE id BETWEEN ?1 AND ?2"),
        finish_one_(connection, finish_sql(1)),
        finish_many_(connection, finish_sql(rows_at_once)),
        update_errors_(connection,
                       "UPDATE tasks SET state = ?2, due_us = ?3, errors = ?4 WHERE id = ?1"),
        update_counters_(connection, "UPDATE counters SET next_id = ?1, next_fence = ?2"),
        claimable_(connection,
                   "SELECT id FROM tasks INDEXED BY tasks_queued WHERE state = 1 AND queue = ?1 "
                   "ORDER BY priority DESC, id LIMIT ?2"),
        due_(connection,
             "SELECT id, due_us FROM tasks INDEXED BY tasks_due "
             "WHERE state IN (0, 2) AND state = 0 AND due_us <= ?1 "
             "UNION ALL "
             "SELECT id, due_us FROM tasks INDEXED BY tasks_due "
             "WHERE state IN (0, 2) AND state = 2 AND due_us <= ?1 "
             "ORDER BY due_us, id LIMIT ?2"),
        next_due_(connection,
                  "SELECT min((SELECT coalesce(min(due_us), ?1) FROM tasks INDEXED BY tasks_due "
                  "WHERE state IN (0, 2) AND state = 0), "
                  "(SELECT coalesce(min(due_us), ?1) FROM tasks INDEXED BY tasks_due "
                  "WHERE state IN (0, 2) AND state = 2))"),
        running_(connection,
                 "SELECT id FROM tasks INDEXED BY tasks_due "
                 "WHERE state IN (0, 2) AND state = 2 AND id > ?1 ORDER BY id LIMIT ?2") {}

  /// Reads what is kept in memory; also finds a file whose counters contradict its tasks.
  Attempt<void> load() {
    SqliteStatement counters(connection_, "SELECT next_id, next_fence FROM counters");
    if (counters.next()) {
      committed_ = {static_cast<TaskId>(counters.integer(0)),
                    static_cast<Fence>(counters.integer(1))};
    } else {
      connection_.fail("its counters are missing");
    }
    counters.reset();
    SqliteStatement highest(connection_, "SELECT max(id) FROM tasks");
    if (highest.next() && highest.integer(0) >= number(committed_.next_id)) {
      connection_.fail("its counters are behind its tasks");
    }
    highest.reset();
    counters_ = committed_;
    read_next_due();
    read_version();
    if (auto failure = connection_.take_failure()) return std::unexpected(std::move(*failure));
    return {};
  }

  Attempt<void> commit(const std::function<void(Transaction&)>& work) {
    begin_.run();
    forget_if_somebody_wrote();
    bool abandoned = false;
    try {
      work(*this);
    } catch (...) {
      abandoned = true;
    }
    if (abandoned)
      return roll_back(Refusal{api::Code::internal, "A transaction was abandoned", {}});
    flush();
    write_counters();
    if (wrote_) read_next_due();
    commit_.run();
    if (auto failure = connection_.take_failure()) return roll_back(std::move(*failure));
    committed_ = counters_;
    wrote_ = false;
    return {};
  }

  [[nodiscard]] std::optional<std::int64_t> next_due_us() const { return next_due_us_; }

  SharedTask find(TaskId id) override {
    if (SharedTask task = cache_.find(id)) return task;
    flush();
    SharedTask task = reader_.find(id);
    if (task) cache_.put(task);
    return task;
  }

  void insert(SharedTask task) override {
    STRUCTWIRE_ASSERT(task->id < counters_.next_id);
    wrote_ = true;
    made_.push_back(task);
    if (made_.size() == rows_at_once) flush_made();
    cache_.put(std::move(task));
  }

  void update(const TaskRecord& before, SharedTask after) override {
    wrote_ = true;
    if (before.fence != after->fence) {
      add_to_run(after);
    } else if (before.result != after->result) {
      add_finished(after);
    } else {
      flush();
      write_change(before, *after);
    }
    if (api::is_final(after->state)) {
      cache_.forget(after->id);
    } else {
      cache_.put(std::move(after));
    }
  }

  std::vector<SharedTask> claimable(std::string_view queue, std::size_t max,
                                    std::size_t bytes_max) override {
    flush();
    claimable_.bind(1, queue);
    claimable_.bind(2, static_cast<std::int64_t>(max));
    return found_by(claimable_, bytes_max);
  }

  std::vector<SharedTask> due(std::int64_t now_us, std::size_t max) override {
    flush();
    due_.bind(1, now_us);
    due_.bind(2, static_cast<std::int64_t>(max));
    return found_by(due_, std::numeric_limits<std::size_t>::max());
  }

  std::vector<SharedTask> running(TaskId after, std::size_t max) override {
    flush();
    running_.bind(1, number(after));
    running_.bind(2, static_cast<std::int64_t>(max));
    return found_by(running_, std::numeric_limits<std::size_t>::max());
  }

  TaskId next_id() override { return counters_.next_id++; }
  Fence next_fence() override { return counters_.next_fence++; }

 private:
  // The ids come from an index alone; the records mostly from the cache.
  std::vector<SharedTask> found_by(SqliteStatement& ids, std::size_t bytes_max) {
    std::vector<SharedTask> tasks;
    std::size_t bytes = 0;
    while (bytes <= bytes_max && ids.next()) {
      SharedTask task = find(static_cast<TaskId>(ids.integer(0)));
      if (!task) {
        connection_.fail("an index names a task that is not there");
        break;
      }
      bytes += task->payload.size();
      tasks.push_back(std::move(task));
    }
    ids.reset();
    return tasks;
  }

  static void bind_state(SqliteStatement& statement, const TaskRecord& task) {
    statement.bind(1, number(task.id));
    statement.bind(2, number(task.state));
    statement.bind(3, task.due_us);
  }

  void bind_value(SqliteStatement& statement, int parameter, const SharedBytes& value,
                  std::int64_t key) {
    if (value.empty()) {
      statement.bind_null(parameter);
    } else if (value.size() <= inline_bytes_max) {
      statement.bind(parameter, value.view());
    } else {
      insert_large_.bind(1, key);
      insert_large_.bind(2, value.view());
      insert_large_.run();
      statement.bind(parameter, static_cast<std::int64_t>(value.size()));
    }
  }

  static void bind_errors(SqliteStatement& statement, int parameter, const std::string& errors) {
    if (errors.empty()) {
      statement.bind_null(parameter);
    } else {
      statement.bind(parameter, std::as_bytes(std::span(errors)));
    }
  }

  void write_change(const TaskRecord& before, const TaskRecord& after) {
    if (before.errors != after.errors) {
      write_errors(after);
    } else {
      write_state(after);
    }
  }

  void write_state(const TaskRecord& task) {
    bind_state(update_state_, task);
    update_state_.run();
  }

  // ---- writes that wait, so that one statement writes several rows ----
  //
  // They are of different tasks, so their order does not matter, but for a task that is made or
  // claimed and then finished in one transaction. Whatever asks the file flushes them all first.

  // A claim changes what nothing else does, so it is told by its fence.
  void add_to_run(const SharedTask& after) {
    STRUCTWIRE_ASSERT(after->state == TaskState::running);
    if (run_.size == 0 || !run_.continues_with(*after)) {
      flush_run();
      run_.first = after;
    }
    run_.size += 1;
  }

  void add_finished(const SharedTask& after) {
    flush_run();
    if (!made_.empty() && after->id >= made_.front()->id) flush_made();
    finished_.push_back(after);
    if (finished_.size() == rows_at_once) flush_finished();
  }

  void flush() {
    flush_made();
    flush_run();
    flush_finished();
  }

  void flush_made() {
    write_rows(made_, insert_one_, insert_many_,
               [this](SqliteStatement& statement, int at, const TaskRecord& task) {
                 return bind_made(statement, at, task);
               });
  }

  void flush_finished() {
    write_rows(finished_, finish_one_, finish_many_,
               [this](SqliteStatement& statement, int at, const TaskRecord& task) {
                 return bind_finished(statement, at, task);
               });
  }

  void flush_run() {
    if (run_.size == 0) return;
    const SharedTask first = std::move(run_.first);
    update_lease_.bind(1, number(first->id));
    update_lease_.bind(2, number(first->id + run_.size - 1));
    update_lease_.bind(3, first->due_us);
    update_lease_.bind(4, first->attempt);
    update_lease_.bind(5, number(first->fence));
    update_lease_.bind(6, first->worker);
    update_lease_.run();
    run_ = {};
  }

  // All of `tasks`: by the statement of many rows if they are as many, else one by one.
  template <class Bind>
  static void write_rows(std::vector<SharedTask>& tasks, SqliteStatement& one,
                         SqliteStatement& many, Bind bind) {
    const bool together = tasks.size() == rows_at_once;
    SqliteStatement& statement = together ? many : one;
    int at = 1;
    for (const SharedTask& task : tasks) {
      const int next = bind(statement, at, *task);
      if (together) {
        at = next;
      } else {
        statement.run();
      }
    }
    if (together) statement.run();
    tasks.clear();
  }

  // Binds one row of a statement from the parameter `at` on; returns the parameter after it.
  int bind_made(SqliteStatement& statement, int at, const TaskRecord& task) {
    STRUCTWIRE_ASSERT(task.errors.empty() && task.result.empty());
    statement.bind(at++, number(task.id));
    statement.bind(at++, number(task.state));
    statement.bind(at++, task.priority);
    statement.bind(at++, task.attempt);
    statement.bind(at++, task.max_attempts);
    statement.bind(at++, task.lease_ms);
    statement.bind(at++, task.created_at_us);
    statement.bind(at++, task.due_us);
    statement.bind(at++, number(task.fence));
    statement.bind(at++, task.queue);
    statement.bind(at++, task.type);
    statement.bind(at++, task.worker);
    bind_value(statement, at++, task.payload, payload_key(task.id));
    return at;
  }

  int bind_finished(SqliteStatement& statement, int at, const TaskRecord& task) {
    statement.bind(at++, number(task.id));
    statement.bind(at++, number(task.state));
    statement.bind(at++, task.due_us);
    bind_value(statement, at++, task.result, result_key(task.id));
    return at;
  }

  void write_errors(const TaskRecord& task) {
    bind_state(update_errors_, task);
    const std::string errors = errors_to_bytes(task.errors);
    bind_errors(update_errors_, 4, errors);
    update_errors_.run();
  }

  void write_counters() {
    if (counters_ == committed_) return;
    update_counters_.bind(1, number(counters_.next_id));
    update_counters_.bind(2, number(counters_.next_fence));
    update_counters_.run();
  }

  void read_next_due() {
    constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
    next_due_us_.reset();
    next_due_.bind(1, never);
    if (next_due_.next() && next_due_.integer(0) != never) next_due_us_ = next_due_.integer(0);
    next_due_.reset();
  }

  std::int64_t read_version() {
    const std::int64_t before = data_version_;
    if (version_.next()) data_version_ = version_.integer(0);
    version_.reset();
    return before;
  }

  void forget_if_somebody_wrote() {
    if (read_version() == data_version_) return;
    cache_.clear();
    read_next_due();
  }

  std::unexpected<Refusal> roll_back(Refusal refusal) {
    if (connection_.in_transaction()) std::ignore = connection_.execute("ROLLBACK");
    std::ignore = connection_.take_failure();
    // Records that were never committed must not be found in the cache.
    cache_.clear();
    run_ = {};
    made_.clear();
    finished_.clear();
    counters_ = committed_;
    wrote_ = false;
    read_next_due();
    std::ignore = connection_.take_failure();
    return std::unexpected(std::move(refusal));
  }

  SqliteConnection& connection_;
  TaskReader reader_;
  TaskCache cache_;
  SqliteStatement begin_, commit_, version_;
  SqliteStatement insert_one_, insert_many_, insert_large_;
  SqliteStatement update_state_, update_lease_, finish_one_, finish_many_;
  SqliteStatement update_errors_, update_counters_;
  SqliteStatement claimable_, due_, next_due_, running_;

  Counters committed_;
  Counters counters_;
  bool wrote_ = false;
  LeaseRun run_;
  std::vector<SharedTask> made_, finished_;
  std::optional<std::int64_t> next_due_us_;
  std::int64_t data_version_ = 0;
};

/// The reading connection.
class ReaderSqlite {
 public:
  explicit ReaderSqlite(SqliteConnection& connection)
      : connection_(connection),
        reader_(connection),
        list_(connection, "SELECT " + std::string(task_columns) +
                              " FROM tasks WHERE id > ?1 AND id <= ?2 AND (?3 IS NULL OR queue = "
                              "?3) AND (?4 IS NULL OR state = ?4) ORDER BY id"),
        highest_(connection, "SELECT max(id) FROM tasks") {}

  Attempt<SharedTask> find(TaskId id) {
    SharedTask task = reader_.find(id);
    if (auto failure = connection_.take_failure()) return std::unexpected(std::move(*failure));
    if (task) return task;
    return std::unexpected(
        Refusal{api::Code::not_found, "There is no task " + std::to_string(id), {}});
  }

  Attempt<ListPage> list(const ListQuery& query) {
    ListPage page;
    const std::int64_t last = highest_id();
    std::int64_t from = number(std::min(query.after, static_cast<TaskId>(last)));
    bind_filters(query);
    for (int step = 0; step < list_steps_max && from < last && !page.next; ++step) {
      const std::int64_t until = std::min(last, from + list_step);
      read_step(query, from, until, page);
      from = until;
    }
    if (!page.next && from < last) page.next = static_cast<TaskId>(from);
    if (auto failure = connection_.take_failure()) return std::unexpected(std::move(*failure));
    return page;
  }

 private:
  std::int64_t highest_id() {
    const std::int64_t id = highest_.next() ? highest_.integer(0) : 0;
    highest_.reset();
    return id;
  }

  void bind_filters(const ListQuery& query) {
    list_.bind_null(3);
    list_.bind_null(4);
    if (query.queue) list_.bind(3, std::string_view(*query.queue));
    if (query.state) list_.bind(4, number(*query.state));
  }

  // Adds what lies in one range of ids; sets `next` when the page is full before the range ends.
  void read_step(const ListQuery& query, std::int64_t from, std::int64_t until, ListPage& page) {
    list_.bind(1, from);
    list_.bind(2, until);
    std::size_t bytes = 0;
    for (const SharedTask& task : page.tasks) bytes += task->payload.size() + task->result.size();
    while (list_.next()) {
      if (page.tasks.size() >= query.limit || bytes > query.bytes_max) {
        page.next = page.tasks.empty() ? query.after : page.tasks.back()->id;
        break;
      }
      page.tasks.push_back(reader_.task_of(list_));
      bytes += page.tasks.back()->payload.size() + page.tasks.back()->result.size();
    }
    list_.reset();
  }

  SqliteConnection& connection_;
  TaskReader reader_;
  SqliteStatement list_, highest_;
};

class StoreSqlite final : public Store {
 public:
  StoreSqlite(DirectoryLock lock, std::unique_ptr<SqliteConnection> writer,
              std::unique_ptr<SqliteConnection> reader, std::size_t cache_bytes_max)
      : lock_(std::move(lock)),
        write_connection_(std::move(writer)),
        read_connection_(std::move(reader)),
        writer_(*write_connection_, cache_bytes_max),
        reader_(read_connection_ ? *read_connection_ : *write_connection_) {}

  Attempt<void> load() { return writer_.load(); }

  Attempt<void> commit(const std::function<void(Transaction&)>& work) override {
    if (auto ok = health(); !ok && ok.error().code == api::Code::store_failed) return ok;
    const auto shared = lock_if_shared();
    Attempt<void> committed = writer_.commit(work);
    set_health(committed);
    return committed;
  }

  std::optional<std::int64_t> next_due_us() override { return writer_.next_due_us(); }

  Attempt<SharedTask> find(TaskId id) const override {
    const std::lock_guard lock(reader_mutex_);
    return reader_.find(id);
  }

  Attempt<ListPage> list(const ListQuery& query) const override {
    const std::lock_guard lock(reader_mutex_);
    return reader_.list(query);
  }

  Attempt<void> health() const override {
    const std::lock_guard lock(health_mutex_);
    if (health_) return std::unexpected(*health_);
    return {};
  }

 private:
  // Only where one connection does both, in tests.
  std::unique_lock<std::mutex> lock_if_shared() {
    return read_connection_ ? std::unique_lock<std::mutex>() : std::unique_lock(reader_mutex_);
  }

  void set_health(const Attempt<void>& committed) {
    if (!committed && committed.error().code == api::Code::internal) return;
    const std::lock_guard lock(health_mutex_);
    health_.reset();
    if (!committed) health_ = committed.error();
  }

  DirectoryLock lock_;  // first, so that it is given back last
  std::unique_ptr<SqliteConnection> write_connection_;
  std::unique_ptr<SqliteConnection> read_connection_;
  WriterSqlite writer_;
  mutable std::mutex reader_mutex_;
  mutable ReaderSqlite reader_;
  mutable std::mutex health_mutex_;
  std::optional<Refusal> health_;
};

// Somebody with another tool may hold the file for a moment. Pages of 8 KiB, because a group writes
// whole runs of tasks: a tenth less time than with 4 KiB. A checkpoint every 16 MiB rewrites a busy
// page once instead of four times; a write-ahead log that had to grow is cut afterwards.
constexpr auto settings = R"sql(
PRAGMA busy_timeout = 5000;
PRAGMA page_size = 8192;
PRAGMA wal_autocheckpoint = 2048;
PRAGMA journal_size_limit = 67108864;
PRAGMA cache_size = -65536;
PRAGMA temp_store = MEMORY;
)sql";

Attempt<std::unique_ptr<SqliteConnection>> open_writer(const StoreSqliteOptions& options,
                                                       const std::string& path) {
  auto connection = SqliteConnection::open(path, {.create = true, .vfs = options.vfs_for_tests});
  if (!connection) return connection;
  if (options.exclusive_for_tests) {
    if (auto ok = (*connection)->execute("PRAGMA locking_mode = EXCLUSIVE"); !ok) {
      return std::unexpected(ok.error());
    }
  }
  const std::string synchronous = options.unsynced_for_tests ? "OFF" : "FULL";
  if (auto ok = (*connection)->execute(settings + ("PRAGMA synchronous = " + synchronous)); !ok) {
    return std::unexpected(ok.error());
  }
  const auto journal = (*connection)->ask("PRAGMA journal_mode = WAL");
  if (!journal) return std::unexpected(journal.error());
  if (*journal != "wal") {
    return std::unexpected(Refusal{
        api::Code::store_failed, path + ": its file system cannot carry a write-ahead log", {}});
  }
  if (auto ok = prepare_schema(**connection); !ok) return std::unexpected(ok.error());
  return connection;
}

Attempt<std::unique_ptr<SqliteConnection>> open_reader(const StoreSqliteOptions& options,
                                                       const std::string& path) {
  if (options.exclusive_for_tests) return nullptr;
  auto connection = SqliteConnection::open(path, {.vfs = options.vfs_for_tests});
  if (!connection) return connection;
  if (auto ok = (*connection)->execute(std::string(settings) + "PRAGMA query_only = ON"); !ok) {
    return std::unexpected(ok.error());
  }
  return connection;
}

}  // namespace

Attempt<std::unique_ptr<Store>> open_store_sqlite(const StoreSqliteOptions& options) {
  auto lock = DirectoryLock::take(options.directory);
  if (!lock) return std::unexpected(lock.error());
  const std::string path = (options.directory / "tasks.db").string();
  auto writer = open_writer(options, path);
  if (!writer) return std::unexpected(writer.error());
  auto reader = open_reader(options, path);
  if (!reader) return std::unexpected(reader.error());
  auto store = std::make_unique<StoreSqlite>(std::move(*lock), std::move(*writer),
                                             std::move(*reader), options.cache_bytes_max);
  if (auto ok = store->load(); !ok) return std::unexpected(ok.error());
  return store;
}

}  // namespace structwire::taskd
