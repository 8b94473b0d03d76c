// SPDX-License-Identifier: Apache-2.0
#include <taskd/waiting_claims.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>
#include <utility>

namespace structwire::taskd {
namespace {

/// Claims are executed when the test says so, against a number of tasks per queue.
class WaitingClaimsTest : public testing::Test {
 protected:
  struct Posted {
    Claim claim;
    WaitingClaims::Done done;
  };

  WaitingClaims waiting_{[this](Claim claim, WaitingClaims::Done done) -> Attempt<void> {
                           if (refuses_) return std::unexpected(Refusal{*refuses_, "", {}});
                           posted_.push_back({std::move(claim), std::move(done)});
                           return {};
                         },
                         8};
  std::deque<Posted> posted_;
  std::map<std::string, std::size_t> tasks_;
  std::optional<api::Code> refuses_;
  std::map<int, Outcome> answers_;

  WaitId add(int name, const std::string& queue = "q") {
    return waiting_
        .add({.queue = queue, .worker = "w", .max = 1},
             [this, name](Outcome outcome) { answers_.emplace(name, std::move(outcome)); })
        .value();
  }

  // The oldest posted claim is executed, as a commit would do it.
  std::vector<SharedTask> execute() {
    std::vector<SharedTask> found;
    std::size_t& there = tasks_[posted_.front().claim.queue];
    if (there > 0) {
      --there;
      found.push_back(std::make_shared<const TaskRecord>());
    }
    return found;
  }
  void run_one() {
    std::vector<SharedTask> found = execute();
    Posted next = std::move(posted_.front());
    posted_.pop_front();
    next.done(std::move(found));
  }
  void run_all() {
    while (!posted_.empty()) run_one();
  }
  void work(std::size_t count, const std::string& queue = "q") {
    tasks_[queue] += count;
    waiting_.on_work({queue});
  }
};

TEST_F(WaitingClaimsTest, a_claim_that_finds_work_is_answered_at_once) {
  tasks_["q"] = 1;
  add(1);
  run_all();
  EXPECT_EQ(answers_.at(1)->size(), 1u);
  EXPECT_EQ(waiting_.size(), 0u);
}

TEST_F(WaitingClaimsTest, a_claim_on_an_empty_queue_waits_for_its_own_queue) {
  add(1);
  run_all();
  work(1, "other");
  run_all();
  EXPECT_TRUE(answers_.empty());
  work(1);
  run_all();
  EXPECT_EQ(answers_.at(1)->size(), 1u);
}

TEST_F(WaitingClaimsTest, one_task_wakes_the_oldest_claim_alone) {
  for (int i = 1; i <= 5; ++i) add(i);
  run_all();
  work(1);
  EXPECT_EQ(posted_.size(), 1u);
  run_all();
  EXPECT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_.contains(1));
  EXPECT_EQ(waiting_.size(), 4u);
}

TEST_F(WaitingClaimsTest, much_work_wakes_all) {
  for (int i = 1; i <= 7; ++i) add(i);
  run_all();
  work(100);
  run_all();
  EXPECT_EQ(answers_.size(), 7u);
}

TEST_F(WaitingClaimsTest, work_between_execution_and_answer_is_not_missed) {
  add(1);
  std::vector<SharedTask> nothing = execute();
  work(1);  // the claim has found nothing, and does not wait yet
  WaitingClaimsTest::Posted first = std::move(posted_.front());
  posted_.pop_front();
  first.done(std::move(nothing));
  run_all();
  EXPECT_EQ(answers_.at(1)->size(), 1u);
}

TEST_F(WaitingClaimsTest, a_claim_that_is_stopped_is_answered_empty) {
  const WaitId id = add(1);
  run_all();
  waiting_.stop(id);
  waiting_.stop(id);
  EXPECT_TRUE(answers_.at(1)->empty());
  work(1);
  EXPECT_TRUE(posted_.empty());
}

TEST_F(WaitingClaimsTest, a_claim_that_is_stopped_under_way_keeps_what_it_finds) {
  tasks_["q"] = 1;
  const WaitId id = add(1);
  waiting_.stop(id);
  EXPECT_TRUE(answers_.empty());
  run_all();
  EXPECT_EQ(answers_.at(1)->size(), 1u);
}

TEST_F(WaitingClaimsTest, a_refusal_is_passed_on_to_all_because_nobody_else_would_wake_them) {
  add(1);
  add(2);
  run_all();
  refuses_ = api::Code::overloaded;
  work(1);
  EXPECT_EQ(answers_.at(1).error().code, api::Code::overloaded);
  EXPECT_EQ(answers_.at(2).error().code, api::Code::overloaded);
  EXPECT_EQ(waiting_.size(), 0u);
}

TEST_F(WaitingClaimsTest, a_claim_that_fails_hands_its_turn_on) {
  add(1);
  add(2);
  run_all();
  work(1);
  Posted first = std::move(posted_.front());
  posted_.pop_front();
  first.done(std::unexpected(Refusal{api::Code::disk_full, "", {}}));
  run_all();
  EXPECT_EQ(answers_.at(1).error().code, api::Code::disk_full);
  EXPECT_EQ(answers_.at(2)->size(), 1u);
}

TEST_F(WaitingClaimsTest, no_more_wait_than_may) {
  for (int i = 1; i <= 8; ++i) add(i);
  const auto ninth = waiting_.add({.queue = "q"}, [](Outcome) { FAIL(); });
  ASSERT_FALSE(ninth);
  EXPECT_EQ(ninth.error().code, api::Code::overloaded);
}

TEST_F(WaitingClaimsTest, after_the_end_all_are_answered_and_none_is_taken) {
  for (int i = 1; i <= 3; ++i) add(i);
  run_one();
  waiting_.stop_all();
  run_all();
  EXPECT_EQ(answers_.size(), 3u);
  const auto late = waiting_.add({.queue = "q"}, [](Outcome) { FAIL(); });
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, api::Code::draining);
}

}  // namespace
}  // namespace structwire::taskd
