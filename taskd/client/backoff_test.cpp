// SPDX-License-Identifier: Apache-2.0
#include <taskd/client/backoff.hpp>

#include <gtest/gtest.h>

namespace structwire::taskd {
namespace {

using std::chrono::milliseconds;

TEST(BackoffSuite, waits_double_up_to_a_limit_and_start_over) {
  Backoff backoff;
  for (const int expected : {100, 200, 400, 800, 1600, 3200, 5000, 5000}) {
    EXPECT_EQ(backoff.next(), milliseconds(expected));
  }
  backoff.reset();
  EXPECT_EQ(backoff.next(), milliseconds(100));
}

}  // namespace
}  // namespace structwire::taskd
