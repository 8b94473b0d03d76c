// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/many_requests.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>

#include <gtest/gtest.h>

namespace structwire::messaging {
namespace {

using namespace std::chrono_literals;

// Credit follows how long requests waited for their handler; those that never got to one waited longest. With others the
// tests of nodes deal.
TEST(ManyRequests, those_that_expired_before_a_thread_took_them_have_waited) {
  const Instant now = std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
  const std::array<std::byte, 16> bytes{};
  ManyWorks works{.id = WorkId{1}, .frame = Payload(bytes, nullptr), .received = now - 1s};
  for (std::uint64_t counter = 1; counter != 4; ++counter) {
    works.works.push_back({counter, std::span(bytes).first(8), never});
  }
  const auto many = std::make_shared<ManyRequests>(RequestPlace{}, std::move(works));
  for (std::size_t index = 0; index != 2; ++index) {
    const auto request = many->begin(index);
    ASSERT_TRUE(request->prevent(FailureCode::expired));
    request->finish(failed(FailureCode::expired));
  }
  ManyRequests::Ended ended;
  many->collect(ended);
  EXPECT_EQ(ended.told.ended, 2u);
  EXPECT_EQ(ended.failed, 2u);
  EXPECT_GE(ended.told.waited, 1s);
}

}  // namespace
}  // namespace structwire::messaging
