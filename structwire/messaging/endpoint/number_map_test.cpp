// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/endpoint/number_map.hpp>

#include <random>
#include <unordered_map>

#include <gtest/gtest.h>

namespace structwire::messaging {
namespace {

// Beside the standard one, with numbers that collide.
TEST(NumberMap, does_what_an_unordered_map_does) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (const std::uint64_t step : {1u, 16u, 64u}) {
    NumberMap<int> map;
    std::unordered_map<std::uint64_t, int> expected;
    for (int i = 0; i < 20'000; ++i) {
      const std::uint64_t number = (random() % 200 + 1) * step;
      if (random() % 2 == 0) {
        map.insert(number, i);
        expected[number] = i;
      } else {
        map.erase(number);
        expected.erase(number);
      }
      const std::uint64_t asked = (random() % 200 + 1) * step;
      const int* const found = map.find(asked);
      const auto wanted = expected.find(asked);
      ASSERT_EQ(found != nullptr, wanted != expected.end());
      if (found != nullptr) {
        ASSERT_EQ(*found, wanted->second);
      }
      ASSERT_EQ(map.size(), expected.size());
    }
  }
}

TEST(NumberMap, zero_is_no_number) {
  NumberMap<int> map;
  EXPECT_EQ(map.find(0), nullptr);
  map.insert(1, 1);
  map.erase(0);
  EXPECT_EQ(map.find(0), nullptr);
  EXPECT_EQ(map.size(), 1u);
}

}  // namespace
}  // namespace structwire::messaging
