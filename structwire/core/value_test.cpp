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

TEST(Value, finds_the_entry_of_a_key) {
  const Value map(Value::Map{{Value(1), "number"}, {"1", "text"}});
  ASSERT_NE(map.find("1"), nullptr);
  EXPECT_EQ(*map.find("1"), Value("text"));
  EXPECT_EQ(map.find("2"), nullptr);
  EXPECT_EQ(Value(5).find("1"), nullptr);
}

}  // namespace
}  // namespace structwire
