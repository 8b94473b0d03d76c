// SPDX-License-Identifier: Apache-2.0
//
// The wheel beside a sorted map.
#include <structwire/messaging/endpoint/timer_wheel.hpp>

#include <array>
#include <map>
#include <random>

#include <gtest/gtest.h>

namespace structwire::messaging {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{17h + 345us};

TEST(TimerWheel, fires_what_is_due_and_nothing_else) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  TimerWheel wheel(start);
  std::array<Timer, 200> timers;
  std::map<std::uint64_t, Instant> expected;
  for (std::uint64_t index = 0; index != timers.size(); ++index) timers[index].owner = index;
  Instant now = start;
  for (int step = 0; step != 20'000; ++step) {
    const std::uint64_t index = random() % timers.size();
    switch (random() % 4) {
      case 0:
      case 1: {
        // Most soon, some far: over the edges of both rings.
        const Duration after(static_cast<std::int64_t>(random() % 1000) << random() % 28);
        wheel.set(timers[index], now + after);
        expected[index] = now + after;
        break;
      }
      case 2:
        timers[index].clear();
        expected.erase(index);
        break;
      default:
        now += Duration(static_cast<std::int64_t>(random() % 1000) << random() % 26);
        for (const auto& [owner, due] : expected) EXPECT_LE(wheel.next(), due);
        wheel.expire(now, [&](Timer& timer) {
          ASSERT_TRUE(expected.contains(timer.owner));
          EXPECT_LE(expected[timer.owner], now);
          EXPECT_FALSE(timer.is_set());
          expected.erase(timer.owner);
        });
        for (const auto& [owner, due] : expected) ASSERT_GT(due, now) << owner;
    }
  }
}

TEST(TimerWheel, a_loop_that_sleeps_until_the_next_one_wakes_seldom) {
  TimerWheel wheel(start);
  Timer timer;
  wheel.set(timer, start + 1h);
  int wakes = 0;
  bool fired = false;
  for (Instant now = start; !fired; ++wakes) {
    now = std::max(now, wheel.next());
    wheel.expire(now, [&](Timer&) { fired = true; });
  }
  EXPECT_LT(wakes, 100);
  EXPECT_EQ(wheel.next(), never);
}

TEST(TimerWheel, a_timer_may_be_set_again_while_it_fires) {
  TimerWheel wheel(start);
  Timer first;
  Timer second;
  wheel.set(first, start + 1ms);
  wheel.set(second, start + 1ms);
  int count = 0;
  wheel.expire(start + 10ms, [&](Timer& timer) {
    ++count;
    first.clear();
    second.clear();
    wheel.set(timer, start + 1ms);
  });
  EXPECT_GE(count, 1);
  EXPECT_LE(count, 2);
  EXPECT_NE(first.is_set(), second.is_set());
  bool again = false;
  wheel.expire(start + 10ms, [&](Timer&) { again = true; });
  EXPECT_TRUE(again);
}

}  // namespace
}  // namespace structwire::messaging
