// SPDX-License-Identifier: Apache-2.0
//
// The committer over a store whose commits can be held, counted and made to fail.
#include <gtest/gtest.h>
#include <taskd/store/clock_anchored.hpp>
#include <taskd/store/committer.hpp>
#include <tests/support/stores.hpp>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

namespace structwire::taskd::test {
namespace {

/// A store in memory behind a gate.
class StoreGated final : public Store {
 public:
  Attempt<void> commit(const std::function<void(Transaction&)>& work) override {
    std::unique_lock lock(mutex_);
    arrived_ += 1;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
    if (failure_) return std::unexpected(*failure_);
    lock.unlock();
    return store_->commit(work);
  }
  std::optional<std::int64_t> next_due_us() override { return store_->next_due_us(); }
  Attempt<SharedTask> find(TaskId id) const override { return store_->find(id); }
  Attempt<ListPage> list(const ListQuery& query) const override { return store_->list(query); }
  Attempt<void> health() const override { return {}; }

  void close_gate() {
    set([&] { open_ = false; });
  }
  void open_gate() {
    set([&] { open_ = true; });
  }
  void fail_with(std::optional<Refusal> refusal) {
    set([&] { failure_ = std::move(refusal); });
  }
  int arrived() {
    const std::lock_guard lock(mutex_);
    return arrived_;
  }
  void wait_for_arrival(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }

 private:
  template <class Change>
  void set(Change change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }

  std::unique_ptr<Store> store_ = make_store_memory();
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  int arrived_ = 0;
  std::optional<Refusal> failure_;
};

class CommitterTest : public ::testing::Test {
 protected:
  void start(CommitterOptions options = {}) {
    committer_.emplace(store_, clock_, std::move(options));
    barrier();
  }
  // Everything posted before has been answered.
  void barrier() {
    std::promise<void> done;
    ASSERT_TRUE(committer_->post({}, [&](std::vector<Outcome>) { done.set_value(); }));
    done.get_future().wait();
  }
  // Posts and counts; the answers come whenever they come.
  Attempt<void> post(std::vector<Command> commands) {
    return committer_->post(std::move(commands), [this](std::vector<Outcome> outcomes) {
      const std::lock_guard lock(mutex_);
      postings_answered_ += 1;
      for (auto& outcome : outcomes) outcomes_.push_back(std::move(outcome));
    });
  }
  // The committer is inside a commit and stays there until open_gate().
  void hold() {
    const int before = store_.arrived();
    store_.close_gate();
    ASSERT_TRUE(post({Claim{.queue = "empty"}}));
    store_.wait_for_arrival(before + 1);
  }

  StoreGated store_;
  ClockSimulated clock_;
  std::mutex mutex_;
  std::vector<Outcome> outcomes_;
  int postings_answered_ = 0;
  std::optional<Committer> committer_;  // last, so that its thread ends first
};

TEST_F(CommitterTest, a_call_is_answered_with_its_outcome) {
  start();
  const auto submitted = committer_->call(submit_one("q"));
  ASSERT_TRUE(submitted);
  EXPECT_EQ(submitted->front()->id, 1U);
  EXPECT_EQ(committer_->call(Cancel{9}).error().code, api::Code::not_found);
}

TEST_F(CommitterTest, what_arrives_during_a_commit_is_committed_together) {
  start();
  hold();
  const int before = store_.arrived();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(post({submit_one("q")}));
  store_.open_gate();
  barrier();
  EXPECT_LE(store_.arrived() - before, 2) << "one group, and perhaps the barrier's own";
  EXPECT_EQ(store_.list({.limit = 1000})->tasks.size(), 100U);
}

TEST_F(CommitterTest, a_group_is_capped_by_records_and_by_bytes) {
  for (const bool by_bytes : {false, true}) {
    CommitterOptions options;
    options.group_commands_max = by_bytes ? 1'000'000 : 10;
    options.group_bytes_max = by_bytes ? 1000 : 1'000'000;
    start(std::move(options));
    hold();
    const int before = store_.arrived();
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(post({submit_one("q", std::string(100, 'p'))}));
    store_.open_gate();
    barrier();
    EXPECT_GE(store_.arrived() - before, 10);
    EXPECT_LE(store_.arrived() - before, 11);
  }
}

TEST_F(CommitterTest, one_posting_is_one_group_in_order_with_outcomes_of_its_own) {
  start({.group_commands_max = 2});
  ASSERT_TRUE(post({submit_one("q"), Claim{.queue = "q"}, Complete{.id = 1, .fence = 1},
                    Complete{.id = 1, .fence = 2}, Cancel{7}, submit_one("q")}));
  barrier();
  ASSERT_EQ(outcomes_.size(), 6U);
  EXPECT_EQ(outcomes_[1]->front()->attempt, 1);
  EXPECT_EQ(outcomes_[2]->front()->state, TaskState::succeeded);
  EXPECT_EQ(outcomes_[3].error().code, api::Code::lease_lost);
  EXPECT_EQ(outcomes_[4].error().code, api::Code::not_found);
  EXPECT_EQ(outcomes_[5]->front()->id, 2U);
}

TEST_F(CommitterTest, nothing_is_answered_before_its_commit_has_returned) {
  start();
  hold();
  ASSERT_TRUE(post({submit_one("q")}));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  {
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(postings_answered_, 0);
  }
  store_.open_gate();
  barrier();
  EXPECT_EQ(postings_answered_, 2);
}

TEST_F(CommitterTest, over_its_limit_new_work_is_refused_at_once_and_finishing_goes_on) {
  start({.queue_commands_max = 10});
  hold();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(post({submit_one("q")}));
  EXPECT_EQ(post({submit_one("q")}).error().code, api::Code::overloaded);
  EXPECT_EQ(post({Claim{.queue = "q"}}).error().code, api::Code::overloaded);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(post({Complete{.id = 1, .fence = 1}}));
  EXPECT_EQ(post({Complete{.id = 1, .fence = 1}}).error().code, api::Code::overloaded)
      << "the reserve has an end too";
  EXPECT_EQ(committer_->counts().overloaded, 3U);
  EXPECT_EQ(committer_->counts().waiting, 20U);
  store_.open_gate();
  barrier();
  EXPECT_EQ(committer_->counts().waiting, 0U);
  EXPECT_EQ(postings_answered_, 21);
  EXPECT_TRUE(post({submit_one("q")}));
}

TEST_F(CommitterTest, waiting_bytes_are_limited_too) {
  start({.queue_bytes_max = 1000});
  hold();
  EXPECT_TRUE(post({submit_one("q", std::string(5000, 'p'))})) << "an empty queue takes anything";
  EXPECT_EQ(post({submit_one("q", "p")}).error().code, api::Code::overloaded);
  store_.open_gate();
}

TEST_F(CommitterTest, shutting_down_answers_everybody_and_refuses_the_rest) {
  start();
  hold();
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(post({submit_one("q")}));
  std::thread stopping([&] { committer_->shut_down(); });
  while (post({Cancel{1}})) std::this_thread::yield();
  EXPECT_EQ(post({}).error().code, api::Code::draining);
  EXPECT_EQ(committer_->call(Cancel{1}).error().code, api::Code::draining);
  store_.open_gate();
  stopping.join();
  EXPECT_GE(postings_answered_, 51);
  EXPECT_EQ(store_.list({})->tasks.size(), 50U);
  committer_->shut_down();
}

TEST_F(CommitterTest, a_failed_commit_answers_every_command_of_the_group_with_its_code) {
  start();
  hold();
  ASSERT_TRUE(post({submit_one("q"), submit_one("q")}));
  ASSERT_TRUE(post({Claim{.queue = "q"}}));
  store_.fail_with(Refusal{api::Code::disk_full, "no space", {}});
  store_.open_gate();
  while (true) {
    const std::lock_guard lock(mutex_);
    if (postings_answered_ == 3) break;
  }
  ASSERT_EQ(outcomes_.size(), 4U);
  for (const Outcome& outcome : outcomes_) EXPECT_EQ(outcome.error().code, api::Code::disk_full);
  EXPECT_TRUE(store_.list({})->tasks.empty());

  store_.fail_with(std::nullopt);
  EXPECT_TRUE(committer_->call(submit_one("q")));
}

TEST_F(CommitterTest, due_tasks_are_ticked_before_the_commands_of_their_group) {
  start();
  ASSERT_TRUE(committer_->call(
      submit_of({{.queue = "q", .type = "t", .run_at_us = clock_.now_us() + 3'600'000'000}})));
  EXPECT_TRUE(committer_->call(Claim{.queue = "q"})->empty());
  clock_.advance(3'600'000'000);
  EXPECT_EQ(committer_->call(Claim{.queue = "q"})->size(), 1U);
}

TEST_F(CommitterTest, due_tasks_are_ticked_without_being_asked) {
  std::promise<std::vector<std::string>> ready;
  const ClockAnchored clock;
  Committer committer(store_, clock,
                      {.on_work = [&](const auto& queues) { ready.set_value(queues); }});
  ASSERT_TRUE(committer.call(
      submit_of({{.queue = "q", .type = "t", .run_at_us = clock.now_us() + 30'000}})));
  EXPECT_EQ(ready.get_future().get(), std::vector<std::string>{"q"});
}

TEST_F(CommitterTest, queues_that_got_work_are_told_once_per_group_and_after_the_commit) {
  std::mutex mutex;
  std::vector<std::string> told;
  start({.on_work = [&](const std::vector<std::string>& queues) {
    const std::lock_guard lock(mutex);
    told.insert(told.end(), queues.begin(), queues.end());
  }});
  hold();
  for (const char* queue : {"b", "a", "b"}) ASSERT_TRUE(post({submit_one(queue)}));
  ASSERT_TRUE(post({submit_of({{.queue = "bad queue", .type = "t"}})}));
  store_.open_gate();
  barrier();
  const std::lock_guard lock(mutex);
  EXPECT_EQ(told, (std::vector<std::string>{"a", "b"}));
}

TEST_F(CommitterTest, the_first_commit_gives_old_leases_their_grace) {
  ASSERT_TRUE(run(store_, submit_one("q"), clock_.now_us()));
  ASSERT_TRUE(run(store_, Claim{.queue = "q", .lease_ms = 1}, clock_.now_us()));
  clock_.advance(60'000'000);
  start();
  const SharedTask task = store_.find(1).value();
  EXPECT_EQ(task->state, TaskState::running);
  EXPECT_EQ(task->due_us, clock_.now_us() + 10'000'000);
  clock_.advance(10'000'000);
  barrier();
  EXPECT_EQ(store_.find(1).value()->state, TaskState::scheduled);
}

TEST_F(CommitterTest, the_grace_is_given_after_a_first_commit_that_failed) {
  ASSERT_TRUE(run(store_, submit_one("q"), clock_.now_us()));
  ASSERT_TRUE(run(store_, Claim{.queue = "q", .lease_ms = 1}, clock_.now_us()));
  clock_.advance(60'000'000);
  store_.fail_with(Refusal{api::Code::disk_full, "no space", {}});
  start();
  EXPECT_EQ(committer_->call(Heartbeat{.id = 1, .fence = 1}).error().code, api::Code::disk_full);
  store_.fail_with(std::nullopt);
  EXPECT_TRUE(committer_->call(Heartbeat{.id = 1, .fence = 1}));
}

TEST_F(CommitterTest, many_threads_share_tasks_without_giving_one_out_twice) {
  TemporaryDirectory directory;
  const auto store = open_sqlite({.directory = directory.path() / "data"});
  const ClockAnchored clock;
  Committer committer(*store, clock);
  constexpr int threads = 4;
  constexpr int tasks_each = 200;
  std::atomic<int> completed = 0;
  const auto work = [&](int thread) {
    for (int i = 0; i < tasks_each; ++i) ASSERT_TRUE(committer.call(submit_one("q")));
    while (completed < threads * tasks_each) {
      const auto claimed =
          committer.call(Claim{.queue = "q", .worker = std::to_string(thread), .max = 7});
      ASSERT_TRUE(claimed);
      for (const auto& task : *claimed) {
        EXPECT_EQ(task->attempt, 1);
        EXPECT_TRUE(committer.call(Complete{.id = task->id, .fence = task->fence}));
        completed += 1;
      }
    }
  };
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i) workers.emplace_back(work, i);
  for (auto& each : workers) each.join();
  EXPECT_EQ(completed, threads * tasks_each);
  EXPECT_EQ(store->list({.state = TaskState::succeeded, .limit = 1000})->tasks.size(), 800U);
  const auto counts = committer.counts();
  EXPECT_LT(counts.groups, counts.commands);
}

}  // namespace
}  // namespace structwire::taskd::test
