// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/histogram.hpp>

#include <gtest/gtest.h>

namespace structwire::messaging {
namespace {

TEST(Histogram, quantiles_are_right_to_a_fifth) {
  Histogram histogram;
  for (int us = 1; us <= 1000; ++us) histogram.add(std::chrono::microseconds(us));
  const Latency latency = histogram.summary();
  EXPECT_EQ(latency.count, 1000u);
  EXPECT_NEAR(latency.mean_us, 500.5, 0.01);
  EXPECT_NEAR(latency.p50_us, 500, 100);
  EXPECT_NEAR(latency.p95_us, 950, 190);
  EXPECT_NEAR(latency.p99_us, 990, 200);
  EXPECT_EQ(latency.max_us, 1000);
}

TEST(Histogram, takes_any_time) {
  Histogram histogram;
  EXPECT_EQ(histogram.quantile(0.5), Duration::zero());
  for (const auto time : {Duration(-1), Duration(0), Duration(3), Duration(4), Duration::max()}) histogram.add(time);
  EXPECT_EQ(histogram.count(), 5u);
  EXPECT_EQ(histogram.quantile(0.5), Duration(3));
  EXPECT_LE(histogram.quantile(1), Duration::max());
}

}  // namespace
}  // namespace structwire::messaging
