// SPDX-License-Identifier: Apache-2.0
//
// What is peculiar to the SQLite store: its file, its lock, and how values lie in rows.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <taskd/store/directory_lock.hpp>
#include <taskd/store/sqlite.hpp>
#include <taskd/store/store_sqlite_rows.hpp>
#include <tests/support/stores.hpp>

#include <filesystem>
#include <fstream>

namespace structwire::taskd::test {
namespace {

class StoreSqliteTest : public ::testing::Test {
 protected:
  std::filesystem::path data() const { return directory_.path() / "data"; }
  std::filesystem::path file() const { return data() / "tasks.db"; }
  std::string refusal() const {
    const auto store = open_store_sqlite({.directory = data()});
    return store ? "" : store.error().message;
  }
  void write_file(const std::string& content) const {
    std::filesystem::create_directory(data());
    std::ofstream(file(), std::ios::binary) << content;
  }
  void execute(const std::string& sql) const {
    auto connection = SqliteConnection::open(file().string(), {.create = true});
    ASSERT_TRUE(connection);
    const auto done = (*connection)->execute(sql);
    ASSERT_TRUE(done) << done.error().message;
  }
  void make_store() const {
    auto store = open_sqlite({.directory = data()});
    for (int i = 0; i < 200; ++i)
      ASSERT_TRUE(run(*store, submit_one("q", std::string(900, 'p')), 1));
  }
  static bool contains(const std::string& text, const std::string& piece) {
    return text.find(piece) != std::string::npos;
  }

  TemporaryDirectory directory_;
};

TEST_F(StoreSqliteTest, its_directory_is_private) {
  make_store();
  struct stat found{};
  ASSERT_EQ(::stat(data().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0700U);
}

TEST_F(StoreSqliteTest, a_second_opener_is_refused_while_the_first_lives) {
  auto store = open_sqlite({.directory = data()});
  EXPECT_TRUE(contains(refusal(), "in use")) << refusal();
  store.reset();
  EXPECT_EQ(refusal(), "");
}

TEST_F(StoreSqliteTest, the_lock_of_a_killed_process_is_free) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = DirectoryLock::take(data());
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(refusal(), "");
}

TEST_F(StoreSqliteTest, a_file_that_is_no_database_is_refused) {
  write_file(std::string(8192, 'x'));
  EXPECT_TRUE(contains(refusal(), "not a database")) << refusal();
  EXPECT_TRUE(contains(refusal(), "tasks.db")) << refusal();
}

TEST_F(StoreSqliteTest, an_empty_file_is_a_new_store) {
  write_file("");
  EXPECT_EQ(refusal(), "");
}

TEST_F(StoreSqliteTest, somebody_elses_database_is_refused_and_left_alone) {
  std::filesystem::create_directory(data());
  execute("CREATE TABLE recipes(name)");
  EXPECT_TRUE(contains(refusal(), "not one of structwired")) << refusal();
  execute("INSERT INTO recipes VALUES ('soup')");
}

TEST_F(StoreSqliteTest, a_newer_layout_is_refused) {
  make_store();
  execute("PRAGMA user_version = 2");
  EXPECT_TRUE(contains(refusal(), "layout 2")) << refusal();
}

TEST_F(StoreSqliteTest, a_truncated_file_is_refused) {
  make_store();
  std::filesystem::resize_file(file(), std::filesystem::file_size(file()) / 2);
  EXPECT_NE(refusal(), "");
}

TEST_F(StoreSqliteTest, a_damaged_file_is_refused_or_fails_but_never_lies) {
  make_store();
  constexpr std::size_t page_size = 8192;
  const auto size = std::filesystem::file_size(file());
  const std::string before = [&] {
    std::ifstream in(file(), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }();
  Random random(random_seed());
  int refused = 0;
  for (int round = 0; round < 60; ++round) {
    std::string damaged = before;
    const auto page = random.below(size / page_size) * page_size;
    // The head of a page, where its structure is.
    for (std::size_t i = 0; i < 16; ++i) damaged[page + i] ^= static_cast<char>(random.below(256));
    write_file(damaged);
    auto store = open_store_sqlite({.directory = data()});
    if (!store) {
      ++refused;
      continue;
    }
    const auto page_of_tasks = (*store)->list({.limit = 1000});
    if (!page_of_tasks) continue;
    for (const auto& task : page_of_tasks->tasks) EXPECT_EQ(task->payload.size(), 900U);
  }
  EXPECT_GT(refused, 30);
}

TEST_F(StoreSqliteTest, counters_behind_the_tasks_are_refused) {
  make_store();
  execute("UPDATE counters SET next_id = 5");
  EXPECT_TRUE(contains(refusal(), "counters")) << refusal();
}

TEST_F(StoreSqliteTest, a_row_that_makes_no_sense_fails_instead_of_being_guessed) {
  make_store();
  execute(
      "UPDATE tasks SET state = 77 WHERE id = 3; UPDATE tasks SET payload = 5000 WHERE id = 4; "
      "UPDATE tasks SET errors = X'010203' WHERE id = 5");
  const auto store = open_sqlite({.directory = data()});
  for (const TaskId id : {3U, 4U, 5U}) {
    EXPECT_EQ(store->find(id).error().code, api::Code::store_failed);
  }
  EXPECT_TRUE(store->find(6)) << "the reader goes on";
}

TEST_F(StoreSqliteTest, what_somebody_else_wrote_is_noticed) {
  const auto store = open_sqlite({.directory = data()});
  ASSERT_TRUE(run(*store, submit_one("q"), 1));
  execute("UPDATE tasks SET state = 5 WHERE id = 1");
  EXPECT_TRUE(run(*store, Claim{.queue = "q"}, 1)->empty());
  EXPECT_EQ(run(*store, Heartbeat{.id = 1}, 1).error().message,
            "Task 1 is cancelled, fence 0 is over");
}

TEST_F(StoreSqliteTest, a_directory_that_cannot_be_made_is_refused) {
  EXPECT_TRUE(
      contains(open_store_sqlite({.directory = directory_.path() / "a" / "b"}).error().message,
               "No such file"));
}

TEST_F(StoreSqliteTest, a_claim_over_scattered_tasks_gives_each_its_own_fence) {
  const auto store = open_sqlite({.directory = data()});
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(run(
        *store, submit_of({{.queue = i % 3 ? "q" : "other", .type = "t", .priority = i / 13}}), 1));
  }
  const auto claimed = run(*store, Claim{.queue = "q", .worker = "w", .max = 100}, 1).value();
  for (const auto& task : claimed) {
    const SharedTask stored = store->find(task->id).value();
    EXPECT_EQ(*stored, *task);
  }
}

TEST(StoreSqliteRows, errors_come_back_from_their_bytes_and_no_prefix_does) {
  const std::vector<AttemptError> errors = {
      {.attempt = 1, .at_us = -5, .worker = "w", .message = "m"},
      {.attempt = 2000, .at_us = 1LL << 60, .worker = "", .message = std::string(4096, 'm')}};
  const std::string bytes = errors_to_bytes(errors);
  const auto read = [](std::string_view text) {
    std::vector<AttemptError> out;
    const bool intact = errors_from_bytes(std::as_bytes(std::span(text)), out);
    return std::pair(intact, out);
  };
  EXPECT_EQ(read(bytes), std::pair(true, errors));
  const std::size_t first = errors_to_bytes({errors[0]}).size();
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_EQ(read(std::string_view(bytes).substr(0, size)).first, size == first) << size;
  }
}

}  // namespace
}  // namespace structwire::taskd::test
