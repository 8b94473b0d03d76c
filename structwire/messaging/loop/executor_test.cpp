// SPDX-License-Identifier: Apache-2.0
//
// The executor alone: nothing is lost, strands keep order and never overlap, no thread waits while work does.
#include <structwire/messaging/loop/executor.hpp>

#include <atomic>
#include <chrono>
#include <latch>
#include <random>
#include <semaphore>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <tests/support/eventually.hpp>

namespace structwire::messaging {
namespace {

using namespace std::chrono_literals;

using structwire::testing::eventually;

template <class Function>
bool submit(Executor& executor, Function function) {
  auto job = make_job(std::move(function));
  return executor.submit(job);
}
template <class Function>
bool submit(Executor& executor, StrandKey key, Function function) {
  auto job = make_job(std::move(function));
  return executor.submit(key, job);
}

TEST(Executor, runs_every_job_once) {
  Executor executor({.threads = 3});
  std::vector<std::atomic<int>> runs(20'000);
  JobList jobs;
  for (auto& count : runs) jobs.push_back(make_job([&count] { ++count; }));
  ASSERT_TRUE(executor.submit(jobs));
  EXPECT_TRUE(jobs.empty());
  ASSERT_TRUE(eventually([&] { return executor.idle(); }));
  for (const auto& count : runs) EXPECT_EQ(count, 1);
  EXPECT_EQ(executor.counters().finished, runs.size());
  EXPECT_EQ(executor.queued(), 0u);
}

TEST(Executor, a_list_of_many_jobs_wakes_a_few_threads_and_not_one_for_each) {
  Executor executor({.threads = 2});
  for (int round = 0; round < 10; ++round) {
    JobList jobs;
    for (int i = 0; i < 1000; ++i) jobs.push_back(make_job([] {}));
    ASSERT_TRUE(executor.submit(jobs));
    ASSERT_TRUE(eventually([&] { return executor.idle(); }));
  }
  EXPECT_LT(executor.counters().wakes, 1000u);
}

TEST(Executor, a_strand_keeps_order_and_does_not_overlap) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Executor executor({.threads = 4, .strand_turn = 3});
  struct Lane {
    std::atomic<int> inside = 0;
    std::vector<int> seen;
    bool overlapped = false;
  };
  std::vector<Lane> lanes(7);
  std::vector<int> sent(lanes.size(), 0);
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t lane = random() % lanes.size();
    ASSERT_TRUE(submit(executor, {1, lane}, [&lanes, lane, number = sent[lane]] {
      Lane& mine = lanes[lane];
      if (mine.inside.fetch_add(1) != 0) mine.overlapped = true;
      mine.seen.push_back(number);
      mine.inside.fetch_sub(1);
    }));
    ++sent[lane];
  }
  ASSERT_TRUE(eventually([&] { return executor.idle(); }));
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    EXPECT_FALSE(lanes[i].overlapped);
    ASSERT_EQ(lanes[i].seen.size(), static_cast<std::size_t>(sent[i]));
    for (int number = 0; number < sent[i]; ++number) ASSERT_EQ(lanes[i].seen[static_cast<std::size_t>(number)], number);
  }
}

TEST(Executor, a_strand_that_waits_occupies_no_thread) {
  Executor executor({.threads = 2});
  std::binary_semaphore open(0);
  std::atomic<int> done = 0;
  ASSERT_TRUE(submit(executor, {1, 1}, [&] { open.acquire(); }));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(submit(executor, {1, 1}, [&] { ++done; }));
  // One thread is inside the strand; the other one is free for what is not of it.
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(submit(executor, {1, 2}, [&] { ++done; }));
  EXPECT_TRUE(eventually([&] { return done == 100; }));
  open.release();
  EXPECT_TRUE(eventually([&] { return done == 200; }));
}

TEST(Executor, what_one_thread_took_another_one_does_when_the_first_is_slow) {
  Executor executor({.threads = 2, .taken_at_once = 64});
  std::binary_semaphore open(0);
  std::atomic<int> done = 0;
  JobList jobs;
  jobs.push_back(make_job([&] { open.acquire(); }));
  for (int i = 0; i < 200; ++i) jobs.push_back(make_job([&] { ++done; }));
  ASSERT_TRUE(executor.submit(jobs));
  EXPECT_TRUE(eventually([&] { return done == 200; }));
  // The slow one may have been taken a moment before it begins.
  EXPECT_TRUE(eventually([&] { return executor.queued() == 0; }));
  open.release();
}

TEST(Executor, takes_no_more_than_it_has_room_for) {
  Executor executor({.threads = 1, .queued_max = 3});
  std::binary_semaphore open(0);
  std::atomic<bool> inside = false;
  ASSERT_TRUE(submit(executor, [&] { inside = true; open.acquire(); }));
  ASSERT_TRUE(eventually([&] { return inside.load(); }));
  std::atomic<int> done = 0;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(submit(executor, [&] { ++done; }));
  auto job = make_job([&] { ++done; });
  EXPECT_FALSE(executor.submit(job));
  EXPECT_NE(job, nullptr);
  EXPECT_FALSE(executor.submit({1, 1}, job));
  EXPECT_EQ(executor.counters().refused, 2u);
  open.release();
  EXPECT_TRUE(eventually([&] { return executor.idle(); }));
  EXPECT_EQ(done, 3);
  EXPECT_TRUE(executor.submit(job));
}

TEST(Executor, stop_destroys_what_waits_and_takes_nothing_more) {
  struct Counted final : Job {
    explicit Counted(std::atomic<int>& count) : destroyed(count) {}
    ~Counted() override { ++destroyed; }
    void run(JobPointer) noexcept override {}
    std::atomic<int>& destroyed;
  };
  std::atomic<int> destroyed = 0;
  Executor executor({.threads = 1});
  std::binary_semaphore inside(0);
  std::binary_semaphore open(0);
  ASSERT_TRUE(submit(executor, [&] { inside.release(); open.acquire(); }));
  inside.acquire();
  for (int i = 0; i < 10; ++i) {
    JobPointer plain = std::make_unique<Counted>(destroyed);
    ASSERT_TRUE(executor.submit(plain));
    JobPointer ordered = std::make_unique<Counted>(destroyed);
    ASSERT_TRUE(executor.submit({1, static_cast<std::uint64_t>(i % 3)}, ordered));
  }
  std::thread opener([&] {
    JobPointer late = std::make_unique<Counted>(destroyed);
    while (executor.submit(late)) late = std::make_unique<Counted>(destroyed);
    open.release();
  });
  executor.stop();
  opener.join();
  EXPECT_TRUE(executor.idle());
  EXPECT_GE(destroyed, 20);
  EXPECT_FALSE(submit(executor, [] {}));
}

TEST(Executor, jobs_may_submit_jobs_from_many_threads) {
  Executor executor({.threads = 3});
  std::atomic<int> done = 0;
  std::vector<std::thread> senders;
  for (int sender = 0; sender < 4; ++sender) {
    senders.emplace_back([&, sender] {
      for (int i = 0; i < 500; ++i) {
        submit(executor, [&executor, &done, sender, i] {
          submit(executor, {static_cast<std::uint64_t>(sender), static_cast<std::uint64_t>(i % 5)}, [&done] { ++done; });
        });
      }
    });
  }
  for (auto& sender : senders) sender.join();
  EXPECT_TRUE(eventually([&] { return done == 2000; }));
  EXPECT_TRUE(eventually([&] { return executor.idle(); }));
}

TEST(Executor, tells_for_how_long_work_waits_without_any_being_done) {
  Executor executor({.threads = 1});
  const Instant start{1h};
  EXPECT_EQ(executor.stalled(start), 0s);
  std::binary_semaphore open(0);
  std::atomic<bool> inside = false;
  ASSERT_TRUE(submit(executor, [&] { inside = true; open.acquire(); }));
  ASSERT_TRUE(eventually([&] { return inside.load(); }));
  // A slow handler with nobody behind it keeps nobody waiting.
  EXPECT_EQ(executor.stalled(start + 10s), 0s);
  ASSERT_TRUE(submit(executor, [] {}));
  EXPECT_EQ(executor.stalled(start + 11s), 0s);
  EXPECT_EQ(executor.stalled(start + 14s), 3s);
  open.release();
  ASSERT_TRUE(eventually([&] { return executor.idle(); }));
  EXPECT_EQ(executor.stalled(start + 15s), 0s);
}

}  // namespace
}  // namespace structwire::messaging
