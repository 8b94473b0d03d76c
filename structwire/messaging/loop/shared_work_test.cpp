// SPDX-License-Identifier: Apache-2.0
//
// Work of many pieces: each is done once, by any thread, and none waits behind a slow one while a thread is free.
#include <structwire/messaging/loop/shared_work.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <semaphore>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/messaging/loop/executor.hpp>
#include <tests/support/eventually.hpp>

namespace structwire::messaging {
namespace {

using namespace std::chrono_literals;

using structwire::testing::eventually;

class Pieces final : public SharedWork {
 public:
  Pieces(std::size_t pieces, std::function<void(std::size_t)> function)
      : SharedWork(pieces), done(pieces), abandoned(pieces), function_(std::move(function)) {}
  std::vector<std::atomic<int>> done;
  std::vector<std::atomic<int>> abandoned;
  int count(const std::vector<std::atomic<int>>& what) const {
    int sum = 0;
    for (const auto& each : what) sum += each;
    return sum;
  }

 private:
  std::size_t work() noexcept override {
    std::size_t count = 0;
    for (auto piece = take(); piece; piece = take(), ++count) {
      function_(*piece);
      ++done[*piece];
    }
    return count;
  }
  void abandon() noexcept override {
    for (auto piece = take_left(); piece; piece = take_left()) ++abandoned[*piece];
  }
  std::function<void(std::size_t)> function_;
};

TEST(SharedWork, every_piece_is_done_once) {
  Executor executor({.threads = 3});
  std::vector<std::shared_ptr<Pieces>> all;
  for (std::size_t size = 1; size <= 200; ++size) {
    all.push_back(std::make_shared<Pieces>(size, [](std::size_t) {}));
    ASSERT_TRUE(executor.submit(all.back()));
  }
  ASSERT_TRUE(eventually([&] { return executor.idle(); }));
  for (const auto& work : all) {
    for (const auto& each : work->done) EXPECT_EQ(each, 1);
    EXPECT_EQ(work->count(work->abandoned), 0);
  }
  EXPECT_EQ(executor.queued(), 0u);
  EXPECT_EQ(executor.counters().finished, 200u * 201 / 2);
}

TEST(SharedWork, a_slow_piece_holds_up_no_other) {
  Executor executor({.threads = 3});
  std::binary_semaphore open(0);
  std::counting_semaphore<2> second(0);
  const auto work = std::make_shared<Pieces>(100, [&](std::size_t piece) {
    if (piece == 0) open.acquire();
    if (piece == 40) second.acquire();
  });
  ASSERT_TRUE(executor.submit(work));
  ASSERT_TRUE(eventually([&] { return work->count(work->done) == 98; }));
  EXPECT_FALSE(executor.idle());
  EXPECT_EQ(executor.queued(), 0u);
  open.release();
  second.release();
  ASSERT_TRUE(eventually([&] { return executor.idle(); }));
  EXPECT_EQ(work->count(work->done), 100);
}

TEST(SharedWork, its_pieces_wait_like_jobs) {
  Executor executor({.threads = 1, .queued_max = 10});
  std::counting_semaphore<100> open(0);
  std::atomic<int> inside = 0;
  const auto work = std::make_shared<Pieces>(8, [&](std::size_t) {
    ++inside;
    open.acquire();
  });
  ASSERT_TRUE(executor.submit(work));
  ASSERT_TRUE(eventually([&] { return inside == 1; }));
  EXPECT_EQ(executor.queued(), 7u);
  EXPECT_FALSE(executor.submit(std::make_shared<Pieces>(4, [](std::size_t) {})));
  const Instant start{1h};
  EXPECT_EQ(executor.stalled(start), 0s);
  EXPECT_EQ(executor.stalled(start + 3s), 3s);
  open.release();
  ASSERT_TRUE(eventually([&] { return inside == 2; }));
  EXPECT_EQ(executor.stalled(start + 4s), 0s);  // One was done.
  open.release(100 - 2);
  ASSERT_TRUE(eventually([&] { return executor.idle(); }));
}

TEST(SharedWork, what_is_left_when_the_executor_stops_is_abandoned) {
  for (int round = 0; round < 50; ++round) {
    Executor executor({.threads = 2});
    std::vector<std::shared_ptr<Pieces>> all;
    for (int each = 0; each < 20; ++each) {
      all.push_back(std::make_shared<Pieces>(50, [](std::size_t) { std::this_thread::yield(); }));
      ASSERT_TRUE(executor.submit(all.back()));
    }
    executor.stop();
    for (const auto& work : all) {
      for (std::size_t piece = 0; piece < 50; ++piece) EXPECT_EQ(work->done[piece] + work->abandoned[piece], 1);
    }
  }
}

}  // namespace
}  // namespace structwire::messaging
