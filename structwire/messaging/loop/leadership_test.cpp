// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/leadership.hpp>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <tests/support/eventually.hpp>

namespace structwire::messaging {
namespace {

using namespace std::chrono_literals;

using structwire::testing::eventually;

constexpr auto nothing_to_do = [] { return false; };

TEST(Leadership, one_leads_until_it_leaves) {
  Leadership leadership;
  ASSERT_TRUE(leadership.try_lead());
  EXPECT_TRUE(leadership.led());
  EXPECT_FALSE(leadership.try_lead());
  EXPECT_FALSE(leadership.call()) << "who leads is to be woken by other means";
  leadership.leave(nothing_to_do);
  EXPECT_FALSE(leadership.led());
  ASSERT_TRUE(leadership.try_lead());
  leadership.end();
  EXPECT_FALSE(leadership.try_lead());
  EXPECT_FALSE(leadership.follow());
}

TEST(Leadership, a_follower_takes_over_when_it_is_called_and_when_nobody_leads) {
  Leadership leadership;
  ASSERT_TRUE(leadership.try_lead());
  std::atomic<int> led = 0;
  std::atomic<bool> leave = false;
  std::thread follower([&] {
    while (leadership.follow()) {
      ++led;
      eventually([&] { return leave.exchange(false); });
      leadership.leave(nothing_to_do);
    }
  });
  std::this_thread::sleep_for(5ms);
  EXPECT_EQ(led, 0) << "somebody leads";
  leadership.leave([] { return true; });
  EXPECT_TRUE(eventually([&] { return led == 1; }));
  // It leaves, and nobody else comes: after a while it is back.
  leave = true;
  EXPECT_TRUE(eventually([&] { return led == 2; }));
  // Called in the moment in which nobody leads.
  leave = true;
  EXPECT_TRUE(eventually([&] { return !leadership.led() || led == 3; }));
  leadership.call();
  EXPECT_TRUE(eventually([&] { return led == 3; }));
  leadership.end();
  leave = true;
  follower.join();
}

TEST(Leadership, a_follower_looks_again_for_a_lead_that_rests_after_it_was_held_long) {
  Leadership leadership;
  ASSERT_TRUE(leadership.try_lead());
  std::atomic<bool> led = false;
  std::thread follower([&] {
    if (leadership.follow()) led = true;
  });
  std::this_thread::sleep_for(20 * Leadership::patience);  // It has stopped to look by now.
  EXPECT_FALSE(led);
  leadership.leave(nothing_to_do);
  EXPECT_TRUE(eventually([&] { return led.load(); }));
  follower.join();
}

TEST(Leadership, never_two_lead_and_none_is_lost) {
  Leadership leadership;
  constexpr int turns_wanted = 20'000;
  int turns = 0;  // By who leads only: the sanitizer would tell.
  std::atomic<int> leading = 0;
  std::atomic<bool> over = false;
  const auto turn = [&](bool at_once) {
    EXPECT_EQ(leading.fetch_add(1), 0);
    if (++turns == turns_wanted) over = true;
    leading.fetch_sub(1);
    leadership.leave([&] { return at_once; });
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (leadership.follow()) turn(false);
    });
    threads.emplace_back([&, i] {
      for (int tries = 0; !over; ++tries) {
        if (leadership.try_lead()) {
          turn(tries % 3 == i);
        } else if (tries % 7 == 0) {
          leadership.call();
        }
        std::this_thread::yield();
      }
    });
  }
  EXPECT_TRUE(eventually([&] { return over.load(); }));
  leadership.end();
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(turns, turns_wanted);
}

}  // namespace
}  // namespace structwire::messaging
