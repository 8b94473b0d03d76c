// SPDX-License-Identifier: Apache-2.0
//
// What every store must do, run over all of them: `store_kinds()` names them. A store's own test
// holds only what is peculiar to it.
#include <gtest/gtest.h>
#include <tests/support/stores.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>
#include <thread>

namespace structwire::taskd::test {
namespace {

class StoreSuite : public ::testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override { open(); }

  void open() { store_ = GetParam().open(directory_.path()); }
  // Where the store keeps nothing, the test goes on with the same one.
  void reopen() {
    if (!GetParam().durable) return;
    store_.reset();
    open();
  }

  Outcome run(const Command& command) { return test::run(*store_, command, now_us_); }
  std::vector<SharedTask> must(const Command& command) {
    Outcome outcome = run(command);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome.value_or(std::vector<SharedTask>{});
  }
  TaskId submit(const std::string& queue, std::int32_t priority = 0) {
    return must(submit_of({{.queue = queue, .type = "t", .priority = priority}})).front()->id;
  }
  std::vector<TaskId> claimable(const std::string& queue, std::size_t max = 100,
                                std::size_t bytes_max = 1 << 20) {
    std::vector<TaskId> ids;
    EXPECT_TRUE(store_->commit([&](Transaction& transaction) {
      for (const auto& task : transaction.claimable(queue, max, bytes_max)) ids.push_back(task->id);
    }));
    return ids;
  }
  std::vector<TaskId> listed(const ListQuery& query) {
    std::vector<TaskId> ids;
    const auto page = store_->list(query);
    EXPECT_TRUE(page);
    for (const auto& task : page->tasks) ids.push_back(task->id);
    return ids;
  }

  TemporaryDirectory directory_;
  std::unique_ptr<Store> store_;
  std::int64_t now_us_ = 1'000'000'000;
};

TEST_P(StoreSuite, a_new_store_is_empty) {
  EXPECT_EQ(store_->next_due_us(), std::nullopt);
  EXPECT_TRUE(listed({}).empty());
  EXPECT_EQ(store_->find(1).error().code, api::Code::not_found);
  EXPECT_TRUE(store_->health());
}

TEST_P(StoreSuite, every_field_comes_back_as_it_went_in) {
  const auto id = must(submit_of({{.queue = "q",
                                   .type = "a/b:c",
                                   .payload = bytes_of(std::string("\0\xff\xc0 bytes", 9)),
                                   .priority = -1000,
                                   .run_at_us = now_us_ + 5,
                                   .max_attempts = 1000,
                                   .lease_ms = 86'400'000}}))
                      .front()
                      ->id;
  now_us_ += 5;
  must(Tick{});
  const auto claimed = must(Claim{.queue = "q", .worker = "w \xc3\xa9"}).front();
  must(Fail{.id = id, .fence = claimed->fence, .error = std::string("a\0b", 3)});
  const SharedTask before = store_->find(id).value();
  EXPECT_EQ(before->errors.size(), 1U);
  EXPECT_EQ(before->errors[0].message, std::string("a\0b", 3));
  EXPECT_EQ(before->errors[0].worker, "w \xc3\xa9");
  reopen();
  EXPECT_EQ(*store_->find(id).value(), *before);
}

TEST_P(StoreSuite, a_result_comes_back_as_it_went_in) {
  for (const std::size_t size : {0UL, 1UL, 1499UL, 1500UL, 1501UL, 5000UL, 1UL << 20}) {
    const TaskId id = must(submit_one("q", std::string(size, 'p'))).front()->id;
    const auto claimed = must(Claim{.queue = "q"}).front();
    EXPECT_EQ(claimed->payload.size(), size);
    must(Complete{.id = id, .fence = claimed->fence, .result = Bytes(size, std::byte{7})});
    reopen();
    const SharedTask task = store_->find(id).value();
    EXPECT_EQ(task->state, TaskState::succeeded);
    EXPECT_EQ(task->payload, SharedBytes(Bytes(size, std::byte{'p'})));
    EXPECT_EQ(task->result.size(), size == 0 ? 1 : size);
  }
}

TEST_P(StoreSuite, claimable_tasks_come_by_priority_then_by_age) {
  const TaskId low = submit("q", -1);
  const TaskId first = submit("q", 0);
  const TaskId second = submit("q", 0);
  const TaskId high = submit("q", 1);
  submit("other", 9);
  EXPECT_EQ(claimable("q"), (std::vector<TaskId>{high, first, second, low}));
  EXPECT_EQ(claimable("q", 2), (std::vector<TaskId>{high, first}));
  reopen();
  EXPECT_EQ(claimable("q"), (std::vector<TaskId>{high, first, second, low}));
  EXPECT_TRUE(claimable("none").empty());
}

TEST_P(StoreSuite, claimable_tasks_stop_at_the_byte_limit_but_not_before_one) {
  for (int i = 0; i < 3; ++i) must(submit_one("q", std::string(600, 'p')));
  EXPECT_EQ(claimable("q", 100, 0).size(), 1U);
  EXPECT_EQ(claimable("q", 100, 600).size(), 2U);
  EXPECT_EQ(claimable("q", 100, 10'000).size(), 3U);
}

TEST_P(StoreSuite, a_transaction_sees_its_own_writes) {
  EXPECT_TRUE(store_->commit([&](Transaction& transaction) {
    Effects effects;
    const TaskId id = execute(submit_one("q"), transaction, now_us_, effects)->front()->id;
    EXPECT_EQ(transaction.claimable("q", 10, 1000).size(), 1U);
    EXPECT_TRUE(execute(Claim{.queue = "q"}, transaction, now_us_, effects));
    EXPECT_TRUE(transaction.claimable("q", 10, 1000).empty());
    EXPECT_EQ(transaction.running(0, 10).size(), 1U);
    EXPECT_EQ(transaction.find(id)->state, TaskState::running);
    EXPECT_TRUE(execute(Cancel{id}, transaction, now_us_, effects));
    EXPECT_TRUE(transaction.running(0, 10).empty());
  }));
}

TEST_P(StoreSuite, many_tasks_are_made_claimed_and_finished_in_one_commit) {
  std::vector<SharedTask> finished;
  const auto committed = store_->commit([&](Transaction& transaction) {
    Effects effects;
    Submit submit;
    for (int i = 0; i < 50; ++i) submit.tasks.push_back({.queue = "q", .type = "t"});
    EXPECT_TRUE(execute(submit, transaction, now_us_, effects));
    const Outcome claimed = execute(Claim{.queue = "q", .max = 45}, transaction, now_us_, effects);
    for (const SharedTask& task : claimed.value()) {
      // Every seventh result is too large for a row; every fifth task is made in between.
      const Complete complete{.id = task->id,
                              .fence = task->fence,
                              .result = Bytes(task->id % 7 ? task->id : 5000, std::byte{9})};
      finished.push_back(execute(complete, transaction, now_us_, effects).value().front());
      if (task->id % 5 != 0) continue;
      EXPECT_TRUE(execute(submit_one("r"), transaction, now_us_, effects));
    }
  });
  EXPECT_TRUE(committed);
  reopen();
  ASSERT_EQ(finished.size(), 45U);
  for (const SharedTask& task : finished) EXPECT_EQ(*store_->find(task->id).value(), *task);
  EXPECT_EQ(claimable("q").size(), 5U);
  EXPECT_EQ(claimable("r").size(), 9U);
  EXPECT_EQ(listed({.limit = 1000}).size(), 59U);
}

TEST_P(StoreSuite, an_abandoned_transaction_leaves_no_trace) {
  const TaskId id = submit("q");
  const auto committed = store_->commit([&](Transaction& transaction) {
    Effects effects;
    EXPECT_TRUE(execute(submit_one("q"), transaction, now_us_, effects));
    EXPECT_TRUE(execute(Claim{.queue = "q", .max = 2}, transaction, now_us_, effects));
    EXPECT_TRUE(execute(Cancel{id}, transaction, now_us_, effects));
    throw std::runtime_error("out of memory, say");
  });
  EXPECT_EQ(committed.error().code, api::Code::internal);
  EXPECT_EQ(listed({}), std::vector<TaskId>{id});
  EXPECT_EQ(claimable("q"), std::vector<TaskId>{id});
  EXPECT_EQ(store_->find(id).value()->state, TaskState::queued);
  EXPECT_EQ(store_->next_due_us(), std::nullopt);
  EXPECT_EQ(submit("q"), id + 1);
}

TEST_P(StoreSuite, ids_and_fences_never_come_twice_also_after_opening_again) {
  std::set<TaskId> ids;
  std::set<Fence> fences;
  TaskId last_id = 0;
  Fence last_fence = 0;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 5; ++i) {
      const TaskId id = submit("q");
      EXPECT_GT(id, last_id);
      last_id = id;
      const Fence fence = must(Claim{.queue = "q"}).front()->fence;
      EXPECT_GT(fence, last_fence);
      last_fence = fence;
    }
    reopen();
  }
}

TEST_P(StoreSuite, due_tasks_come_by_time_and_next_due_is_the_first) {
  const auto scheduled = must(submit_of({{.queue = "q", .type = "t", .run_at_us = now_us_ + 2000},
                                         {.queue = "q", .type = "t", .run_at_us = now_us_ + 500},
                                         {.queue = "q", .type = "t", .lease_ms = 1}}));
  must(Claim{.queue = "q"});
  const auto due = [&](std::int64_t now_us, std::size_t max) {
    std::vector<TaskId> ids;
    EXPECT_TRUE(store_->commit([&](Transaction& transaction) {
      for (const auto& task : transaction.due(now_us, max)) ids.push_back(task->id);
    }));
    return ids;
  };
  reopen();
  EXPECT_EQ(store_->next_due_us(), now_us_ + 500);
  EXPECT_TRUE(due(now_us_ + 499, 10).empty());
  EXPECT_EQ(due(now_us_ + 500, 10), std::vector<TaskId>{scheduled[1]->id});
  EXPECT_EQ(due(now_us_ + 5000, 10),
            (std::vector<TaskId>{scheduled[1]->id, scheduled[2]->id, scheduled[0]->id}));
  EXPECT_EQ(due(now_us_ + 5000, 2), (std::vector<TaskId>{scheduled[1]->id, scheduled[2]->id}));
  for (const auto& task : scheduled) must(Cancel{task->id});
  EXPECT_EQ(store_->next_due_us(), std::nullopt);
}

TEST_P(StoreSuite, running_tasks_come_by_id_in_pages) {
  for (int i = 0; i < 5; ++i) submit("q", i);
  must(Claim{.queue = "q", .max = 4});
  EXPECT_TRUE(store_->commit([&](Transaction& transaction) {
    const auto first = transaction.running(0, 3);
    ASSERT_EQ(first.size(), 3U);
    EXPECT_EQ(first.back()->id, 4U);
    ASSERT_EQ(transaction.running(4, 3).size(), 1U);
    EXPECT_EQ(transaction.running(4, 3).front()->id, 5U);
  }));
}

TEST_P(StoreSuite, lists_filter_and_page_by_id) {
  for (int i = 0; i < 10; ++i) submit(i % 2 ? "odd" : "even");
  must(Claim{.queue = "odd", .max = 2});
  EXPECT_EQ(listed({.queue = "odd", .state = TaskState::running}), (std::vector<TaskId>{2, 4}));
  EXPECT_EQ(listed({.queue = "odd", .after = 4}), (std::vector<TaskId>{6, 8, 10}));
  EXPECT_TRUE(listed({.state = TaskState::dead}).empty());

  const auto page = store_->list({.queue = "even", .limit = 3}).value();
  EXPECT_EQ(page.tasks.back()->id, 5U);
  ASSERT_TRUE(page.next);
  const auto rest = store_->list({.queue = "even", .after = *page.next, .limit = 3}).value();
  EXPECT_EQ(rest.tasks.size(), 2U);
  EXPECT_FALSE(rest.next);
  EXPECT_TRUE(listed({.after = std::numeric_limits<TaskId>::max()}).empty());
}

TEST_P(StoreSuite, a_list_stops_at_its_byte_limit_and_goes_on_from_there) {
  for (int i = 0; i < 5; ++i) must(submit_one("q", std::string(1000, 'p')));
  ListQuery query{.bytes_max = 1500};
  std::size_t seen = 0;
  int pages = 0;
  for (; pages < 10; ++pages) {
    const auto page = store_->list(query).value();
    seen += page.tasks.size();
    if (!page.next) break;
    query.after = *page.next;
  }
  EXPECT_EQ(seen, 5U);
  EXPECT_EQ(pages, 2);
}

TEST_P(StoreSuite, ids_beyond_every_task_are_not_found) {
  submit("q");
  for (const TaskId id : {TaskId{0}, TaskId{2}, TaskId{1} << 53, TaskId{1} << 63,
                          std::numeric_limits<TaskId>::max()}) {
    EXPECT_EQ(store_->find(id).error().code, api::Code::not_found);
    EXPECT_EQ(run(Cancel{id}).error().code, api::Code::not_found);
  }
}

TEST_P(StoreSuite, readers_in_other_threads_see_whole_commits_only) {
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    while (!stop) {
      // Tasks are made in pairs and cancelled in pairs.
      const auto page = store_->list({.limit = 1000}).value();
      const auto open = std::ranges::count_if(
          page.tasks, [](const auto& task) { return task->state == TaskState::queued; });
      EXPECT_EQ(page.tasks.size() % 2, 0U);
      EXPECT_EQ(open % 2, 0);
    }
  });
  for (int i = 0; i < 100; ++i) {
    const auto pair = must(submit_of({{.queue = "q", .type = "t"}, {.queue = "q", .type = "t"}}));
    EXPECT_TRUE(store_->commit([&](Transaction& transaction) {
      Effects effects;
      for (const auto& task : pair) {
        EXPECT_TRUE(execute(Cancel{task->id}, transaction, now_us_, effects));
      }
    }));
    EXPECT_EQ(store_->find(pair[1]->id).value()->state, TaskState::cancelled);
  }
  stop = true;
  reader.join();
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreSuite, ::testing::ValuesIn(store_kinds()), kind_name);

}  // namespace
}  // namespace structwire::taskd::test
