// SPDX-License-Identifier: Apache-2.0
//
// How many full cycles (submit, claim, complete) does the durable store carry per second?
//
// Rows of one round, one after another, so that they share the disk's mood: the raw rate of
// fdatasync; a bare SQLite loop that does only what must be done (insert, claim, complete with a
// claim index, `synchronous=FULL`, the same page cache and checkpoint distance, SQLite's own page
// size); and the committer with store_sqlite, driven by one client in lock step. Batches of 1, 16
// and 256 tasks of 200 bytes. Medians over the rounds, minima, and the median of the ratios within
// a round.
//
//   store [--rounds 7] [--milliseconds 400] [--data DIRECTORY] [--json FILE]
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>
#include <taskd/store/clock_anchored.hpp>
#include <taskd/store/committer.hpp>
#include <taskd/store/store_sqlite.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace {

namespace taskd = structwire::taskd;
using structwire::Bytes;

constexpr std::size_t payload_size = 200;
constexpr std::size_t result_size = 16;
constexpr int batches[] = {1, 16, 256};

struct Options {
  int rounds = 7;
  int milliseconds = 400;
  std::filesystem::path data = std::filesystem::temp_directory_path();
  std::string json;
};

[[noreturn]] void stop(const std::string& reason) {
  std::fprintf(stderr, "store_bench: %s\n", reason.c_str());
  std::exit(1);
}

/// A directory of its own for one row, removed afterwards.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& parent) {
    std::string name = (parent / "store_bench_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) stop("cannot make a directory in " + parent.string());
    path_ = name;
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Units of work per second: `step` does `units` of them, again and again until the time is over.
double rate(int milliseconds, double units, const std::function<void()>& step) {
  using Clock = std::chrono::steady_clock;
  step();
  const auto start = Clock::now();
  const auto end = start + std::chrono::milliseconds(milliseconds);
  double done = 0;
  while (Clock::now() < end) {
    step();
    done += units;
  }
  return done / std::chrono::duration<double>(Clock::now() - start).count();
}

double raw_sync_rate(const Options& options) {
  constexpr off_t file_size = 4 << 20;
  const Scratch scratch(options.data);
  const int file = ::open((scratch.path() / "raw").c_str(), O_RDWR | O_CREAT, 0600);
  const std::vector<char> block(4096, 'x');
  for (off_t at = 0; at < file_size; at += 4096)
    std::ignore = ::pwrite(file, block.data(), 4096, at);
  if (::fsync(file) != 0) stop("fsync failed");
  off_t at = 0;
  const double syncs = rate(options.milliseconds, 1, [&] {
    if (::pwrite(file, block.data(), 4096, at) != 4096 || ::fdatasync(file) != 0) stop("no sync");
    at = (at + 4096) % file_size;
  });
  ::close(file);
  return syncs;
}

// ---- the bare loop -----------------------------------------------------------------------------

class BareLoop {
 public:
  BareLoop(const std::filesystem::path& directory, int batch) : batch_(batch) {
    if (sqlite3_open((directory / "bare.db").c_str(), &database_) != SQLITE_OK) stop("open");
    run(R"sql(
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

double bare_rate(const Options& options, int batch) {
  const Scratch scratch(options.data);
  BareLoop loop(scratch.path(), batch);
  return rate(options.milliseconds, batch, [&] { loop.cycle(); });
}

// ---- the store
// -----------------------------------------------------------------------------------

/// One client of the committer; each has a queue of its own.
class Client {
 public:
  Client(taskd::Committer& committer, int batch, int number)
      : committer_(committer), batch_(batch), queue_("bench" + std::to_string(number)) {}

  void cycle() {
    // Payloads come from a door's buffer in reality, so each task gets its own.
    taskd::Submit submit;
    for (int i = 0; i < batch_; ++i) {
      submit.tasks.push_back(
          {.queue = queue_, .type = "type", .payload = Bytes(payload_size, std::byte{'p'})});
    }
    commands_.emplace_back(std::move(submit));
    post();

    commands_.emplace_back(taskd::Claim{.queue = queue_, .worker = "worker", .max = batch_});
    const std::vector<taskd::SharedTask> tasks = post().front().value();
    if (tasks.size() != static_cast<std::size_t>(batch_)) stop("the store lost tasks");

    for (const taskd::SharedTask& task : tasks) {
      commands_.emplace_back(taskd::Complete{
          .id = task->id, .fence = task->fence, .result = Bytes(result_size, std::byte{'r'})});
    }
    for (const taskd::Outcome& outcome : post()) {
      if (!outcome) stop(outcome.error().message);
    }
  }

 private:
  std::vector<taskd::Outcome> post() {
    std::promise<std::vector<taskd::Outcome>> promise;
    auto future = promise.get_future();
    const auto posted = committer_.post(std::exchange(commands_, {}), [&promise](auto outcomes) {
      promise.set_value(std::move(outcomes));
    });
    if (!posted) stop(posted.error().message);
    auto outcomes = future.get();
    if (!outcomes.front()) stop(outcomes.front().error().message);
    return outcomes;
  }

  taskd::Committer& committer_;
  int batch_;
  std::string queue_;
  std::vector<taskd::Command> commands_;
};

double store_rate(const Options& options, int batch, int clients) {
  const Scratch scratch(options.data);
  auto store = taskd::open_store_sqlite({.directory = scratch.path() / "data"});
  if (!store) stop(store.error().message);
  const taskd::ClockAnchored clock;
  taskd::Committer committer(**store, clock);
  std::vector<std::future<double>> rates;
  for (int number = 0; number < clients; ++number) {
    rates.push_back(std::async(std::launch::async, [&, number] {
      Client client(committer, batch, number);
      return rate(options.milliseconds, batch, [&client] { client.cycle(); });
    }));
  }
  double sum = 0;
  for (auto& each : rates) sum += each.get();
  return sum;
}

// ---- the table
// -----------------------------------------------------------------------------------

/// All rounds of one row; a row's name says what, its batch how many tasks at once.
struct Row {
  std::string name;
  int batch = 0;
  int clients = 1;
  std::function<double(const Options&)> measure;
  std::vector<double> rounds;
};

// Rows over HTTP are added here, beside the others of their batch: {"http", batch, …}.
std::vector<Row> rows() {
  std::vector<Row> rows = {{"raw fdatasync", 0, 1, raw_sync_rate, {}}};
  for (const int batch : batches) {
    rows.push_back({"bare", batch, 1, [=](const Options& o) { return bare_rate(o, batch); }, {}});
    for (const int clients : {1, 16}) {
      rows.push_back({"store",
                      batch,
                      clients,
                      [=](const Options& o) { return store_rate(o, batch, clients); },
                      {}});
    }
  }
  return rows;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

const Row* bare_of(const std::vector<Row>& rows, const Row& row) {
  for (const Row& each : rows) {
    if (each.name == "bare" && each.batch == row.batch && &each != &row) return &each;
  }
  return nullptr;
}

double ratio(const Row& row, const Row& bare) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < row.rounds.size(); ++i) {
    ratios.push_back(row.rounds[i] / bare.rounds[i]);
  }
  return median(ratios);
}

void print(const std::vector<Row>& rows) {
  std::printf("%-14s %6s %8s %12s %12s %8s\n", "row", "batch", "clients", "median/s", "min/s",
              "x bare");
  for (const Row& row : rows) {
    std::printf("%-14s %6d %8d %12.0f %12.0f", row.name.c_str(), row.batch, row.clients,
                median(row.rounds), std::ranges::min(row.rounds));
    if (const Row* bare = bare_of(rows, row)) std::printf(" %8.2f", ratio(row, *bare));
    std::printf("\n");
  }
}

void write_json(const std::vector<Row>& rows, const std::string& path) {
  std::ofstream out(path);
  out << "{\"benchmark\":\"store\",\"unit\":\"full cycles per second\",\"rows\":[";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    out << (i ? "," : "") << "\n  {\"name\":\"" << row.name << "\",\"batch\":" << row.batch
        << ",\"clients\":" << row.clients << ",\"median\":" << median(row.rounds)
        << ",\"min\":" << std::ranges::min(row.rounds);
    if (const Row* bare = bare_of(rows, row)) out << ",\"ratio_to_bare\":" << ratio(row, *bare);
    out << "}";
  }
  out << "\n]}\n";
  if (!out) stop("cannot write " + path);
}

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i];
    const std::string value = arguments[i + 1];
    if (name == "--rounds") {
      options.rounds = std::max(1, std::atoi(value.c_str()));
    } else if (name == "--milliseconds") {
      options.milliseconds = std::max(1, std::atoi(value.c_str()));
    } else if (name == "--data") {
      options.data = value;
    } else if (name == "--json") {
      options.json = value;
    } else {
      stop("unknown option " + name);
    }
  }
  if (count % 2 == 0) stop("an option lacks its value");
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  // As store_sqlite does, for the whole process: so the bare loop is the fastest one we know.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  const Options options = read_options(count, arguments);
  std::vector<Row> table = rows();
  for (int round = 0; round < options.rounds; ++round) {
    for (Row& row : table) row.rounds.push_back(row.measure(options));
  }
  print(table);
  if (!options.json.empty()) write_json(table, options.json);
}
