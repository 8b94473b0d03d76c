// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <taskd/store/clock_anchored.hpp>

#include <chrono>
#include <thread>

namespace structwire::taskd {
namespace {

TEST(ClockAnchored, starts_at_the_wall_clock_and_never_goes_back) {
  const ClockAnchored clock;
  const auto wall_us = std::chrono::duration_cast<std::chrono::microseconds>(
                           std::chrono::system_clock::now().time_since_epoch())
                           .count();
  EXPECT_NEAR(static_cast<double>(clock.now_us()), static_cast<double>(wall_us), 5e6);
  std::int64_t last = clock.now_us();
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t now = clock.now_us();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(ClockAnchored, moves_as_time_does) {
  const ClockAnchored clock;
  const std::int64_t before = clock.now_us();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_GE(clock.now_us() - before, 20'000);
}

}  // namespace
}  // namespace structwire::taskd
