// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/value.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace structwire {
namespace {

TEST(Value, keeps_integers_apart_from_floats) {
  EXPECT_NE(Value(1), Value(1.0));
  EXPECT_EQ(Value(std::uint64_t{7}), Value(std::int64_t{7})) << "one form for each integer";
  EXPECT_NE(Value(std::numeric_limits<std::uint64_t>::max()), Value(-1));
}

TEST(Value, compares_maps_in_any_order_and_nan_with_itself) {
  const Value a(Value::Map{{"x", 1}, {"y", Value(Value::Array{2, "z"})}});
  const Value b(Value::Map{{"y", Value(Value::Array{2, "z"})}, {"x", 1}});
  EXPECT_EQ(a, b);
  EXPECT_NE(a, Value(Value::Map{{"x", 1}}));
  EXPECT_EQ(Value(std::nan("")), Value(std::nan("")));
}

TEST(Value, entries_with_the_same_key_keep_their_order) {
  EXPECT_NE(Value(Value::Map{{1, 2}, {1, 3}}), Value(Value::Map{{1, 3}, {1, 2}}));
  EXPECT_EQ(Value(Value::Map{{1, 2}, {0, 0}, {1, 3}}), Value(Value::Map{{1, 2}, {1, 3}, {0, 0}}));
}

// Strategy: values that differ at the deepest place only, so that every level has to be asked. Whoever asks
// twice at each level takes 2^200 steps.
TEST(Value, deep_values_are_compared_in_reasonable_time) {
  const auto deep = [](Value at_the_end, bool in_keys) {
    for (int i = 0; i < 200; ++i) {
      Value key = in_keys ? std::move(at_the_end) : Value("key");
      Value value = in_keys ? Value(i) : std::move(at_the_end);
      at_the_end = Value::Map{{Value(i), "beside"}, {std::move(key), Value::Array{std::move(value)}}};
    }
    return at_the_end;
  };
  for (const bool in_keys : {false, true}) {
    const Value a = deep(1, in_keys);
    const Value b = deep(2, in_keys);
    EXPECT_FALSE(a == b);
    EXPECT_TRUE(a == Value(a));
    EXPECT_TRUE(a < b);
    EXPECT_FALSE(b < a);
    EXPECT_TRUE((a <=> Value(a)) == 0);
  }
}

TEST(Value, finds_the_entry_of_a_key) {
  const Value map(Value::Map{{Value(1), "number"}, {"1", "text"}});
  ASSERT_NE(map.find("1"), nullptr);
  EXPECT_EQ(*map.find("1"), Value("text"));
  EXPECT_EQ(map.find("2"), nullptr);
  EXPECT_EQ(Value(5).find("1"), nullptr);
}

}  // namespace
}  // namespace structwire
