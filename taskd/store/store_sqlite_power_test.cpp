// SPDX-License-Identifier: Apache-2.0
//
// Does what the store acknowledged survive a power cut?
//
// Strategy: random commands run against store_sqlite on a disk that forgets what was not synced,
// and against a store in memory that is given only what was acknowledged. At a random write or sync
// the power goes. The store is opened again on what survived. Invariants: it holds exactly what was
// acknowledged, or that and the one unit that was on its way, whole. And with the sync turned off
// the same test must find losses, or it tests nothing.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <tests/support/sqlite_vfs_unsynced.hpp>
#include <tests/support/stores.hpp>

#include <optional>
#include <tuple>

namespace structwire::taskd::test {
namespace {

class PowerTest : public ::testing::Test {
 protected:
  StoreSqliteOptions options(bool unsynced) const {
    return {.directory = directory_.path() / "data",
            .cache_bytes_max = 64 * 1024,
            .vfs_for_tests = "unsynced",
            .unsynced_for_tests = unsynced,
            .exclusive_for_tests = true};
  }

  TemporaryDirectory directory_;
};

std::vector<SharedTask> everything(const Store& store) {
  return store.list({.limit = 1'000'000, .bytes_max = 1 << 30}).value().tasks;
}

bool same(const std::vector<SharedTask>& a, const std::vector<SharedTask>& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) { return *x == *y; });
}

/// A unit of one to four random commands; tasks are met by guessing among the ids there are.
std::vector<Command> random_unit(Random& random, const Store& store) {
  const auto tasks = everything(store);
  std::vector<Command> unit;
  for (auto count = random.between(1, 4); count > 0; --count) {
    if (tasks.empty() || random.once_in(3)) {
      Submit submit;
      for (auto size = random.between(1, 20); size > 0; --size) {
        const auto bytes = static_cast<std::size_t>(random.once_in(20) ? 9000 : random.below(300));
        submit.tasks.push_back({.queue = "q", .type = "t", .payload = Bytes(bytes, std::byte{1})});
      }
      unit.emplace_back(std::move(submit));
      continue;
    }
    const SharedTask& task = tasks[random.below(tasks.size())];
    switch (random.below(4)) {
      case 0:
        unit.emplace_back(Claim{.queue = "q", .worker = "w", .max = 8});
        break;
      case 1:
        unit.emplace_back(Complete{.id = task->id, .fence = task->fence});
        break;
      case 2:
        unit.emplace_back(Fail{.id = task->id, .fence = task->fence, .error = "e"});
        break;
      default:
        unit.emplace_back(Cancel{task->id});
        break;
    }
  }
  return unit;
}

Attempt<void> apply(Store& store, const std::vector<Command>& unit, std::int64_t now_us) {
  return store.commit([&](Transaction& transaction) {
    Effects effects;
    std::ignore = execute_all(unit, transaction, now_us, effects);
  });
}

struct Verdict {
  int cuts = 0;
  int losses = 0;
  int acknowledged = 0;
};

// Runs until the power has gone `cuts` times; stops at the first loss, since then all is lost.
Verdict run_with_power_cuts(const StoreSqliteOptions& options, Random& random, int cuts) {
  UnsyncedDisk disk("unsynced", random);
  const auto acknowledged = make_store_memory();
  Verdict verdict;
  std::int64_t now_us = 1'000'000;
  // Only what was acknowledged can be lost, so an unsynced store starts from a synced empty file.
  if (options.unsynced_for_tests) {
    auto synced = options;
    synced.unsynced_for_tests = false;
    EXPECT_TRUE(open_store_sqlite(synced));
  }
  while (verdict.cuts < cuts) {
    // Making and opening the file may be interrupted as well.
    const bool at_opening = random.once_in(3);
    if (at_opening) disk.cut_power_after(random.below(40));
    auto store = open_store_sqlite(options);
    if (!at_opening) disk.cut_power_after(random.below(400));
    std::vector<Command> unit;
    while (store && !disk.is_dark()) {
      // Closing writes the log back into the file, which the power may interrupt as well.
      if (random.once_in(12)) {
        store->reset();
        store = open_store_sqlite(options);
        if (!store) break;
      }
      now_us += 1000;
      unit = random_unit(random, *acknowledged);
      if (!apply(**store, unit, now_us)) break;
      verdict.acknowledged += 1;
      EXPECT_TRUE(apply(*acknowledged, unit, now_us));
      unit.clear();
    }
    if (store) store->reset();
    disk.restore_power();
    verdict.cuts += 1;

    const auto survived = open_store_sqlite(options);
    const bool whole = survived && same(everything(**survived), everything(*acknowledged));
    if (whole) continue;
    // The unit on its way was not acknowledged, and may be there all the same.
    EXPECT_TRUE(apply(*acknowledged, unit, now_us));
    if (!survived || !same(everything(**survived), everything(*acknowledged))) {
      verdict.losses += 1;
      return verdict;
    }
  }
  return verdict;
}

TEST_F(PowerTest, what_was_acknowledged_survives_every_power_cut) {
  Random random(random_seed());
  const Verdict verdict = run_with_power_cuts(options(false), random, 150);
  EXPECT_EQ(verdict.losses, 0);
  EXPECT_GT(verdict.acknowledged, 150);
  std::printf("%d units acknowledged, %d power cuts, %d losses\n", verdict.acknowledged,
              verdict.cuts, verdict.losses);
}

TEST_F(PowerTest, without_sync_the_same_test_finds_losses) {
  Random random(random_seed());
  const Verdict verdict = run_with_power_cuts(options(true), random, 150);
  EXPECT_EQ(verdict.losses, 1) << "this test cannot tell a synced store from an unsynced one";
  std::printf("%d units acknowledged, %d power cuts, lost at the last one\n", verdict.acknowledged,
              verdict.cuts);
}

TEST_F(PowerTest, every_commit_that_wrote_was_synced) {
  Random random(random_seed());
  UnsyncedDisk disk("unsynced", random);
  const auto store = open_sqlite(options(false));
  const auto before = disk.syncs();
  EXPECT_TRUE(run(*store, submit_one("q"), 1));
  EXPECT_EQ(disk.syncs(), before + 1);
  EXPECT_TRUE(run(*store, Claim{.queue = "empty"}, 1));
  EXPECT_EQ(disk.syncs(), before + 1) << "nothing was written, nothing needs a sync";
}

TEST_F(PowerTest, a_full_disk_refuses_and_then_goes_on) {
  Random random(random_seed());
  UnsyncedDisk disk("unsynced", random);
  auto store = open_sqlite(options(false));
  EXPECT_TRUE(run(*store, submit_one("q"), 1));
  disk.fail_writes(SQLITE_FULL);
  EXPECT_EQ(run(*store, submit_one("q"), 1).error().code, api::Code::disk_full);
  EXPECT_EQ(run(*store, Claim{.queue = "q"}, 1).error().code, api::Code::disk_full);
  EXPECT_EQ(store->health().error().code, api::Code::disk_full);
  EXPECT_EQ(everything(*store).size(), 1U) << "a full disk can still be read";
  disk.fail_writes(0);
  EXPECT_EQ(run(*store, Claim{.queue = "q"}, 1)->size(), 1U);
  EXPECT_TRUE(store->health());
  EXPECT_EQ(run(*store, submit_one("q"), 1)->front()->id, 2U);
  store.reset();
  EXPECT_EQ(everything(*open_sqlite(options(false))).size(), 2U);
}

TEST_F(PowerTest, after_a_failed_sync_the_store_refuses_until_it_is_opened_again) {
  Random random(random_seed());
  UnsyncedDisk disk("unsynced", random);
  auto store = open_sqlite(options(false));
  EXPECT_TRUE(run(*store, submit_one("q"), 1));
  disk.fail_syncs(SQLITE_IOERR_FSYNC);
  EXPECT_EQ(run(*store, submit_one("q"), 1).error().code, api::Code::store_failed);
  disk.fail_syncs(0);
  EXPECT_EQ(run(*store, submit_one("q"), 1).error().code, api::Code::store_failed);
  EXPECT_EQ(store->health().error().code, api::Code::store_failed);
  EXPECT_EQ(everything(*store).size(), 1U);
  store.reset();
  store = open_sqlite(options(false));
  EXPECT_TRUE(run(*store, submit_one("q"), 1));
}

}  // namespace
}  // namespace structwire::taskd::test
