// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/unset.hpp>

#include <gtest/gtest.h>

#include <compare>
#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include <structwire/core/reflect.hpp>

namespace structwire {
namespace {

using Nullable = Unset<std::optional<std::int64_t>>;

struct Patch {
  Unset<std::string> title;
  Nullable deadline;
  Unset<std::vector<int>> numbers;
};

struct Point {
  int x = 0;
  int y = 0;
};

TEST(Unset, is_absent_until_something_is_put_in) {
  Patch patch;
  EXPECT_FALSE(patch.title.has_value());
  EXPECT_FALSE(patch.title.is_set());
  EXPECT_FALSE(patch.title);
  EXPECT_EQ(patch.title, unset);
  patch.title = "a";
  EXPECT_TRUE(patch.title);
  EXPECT_EQ(*patch.title, "a");
  EXPECT_EQ(patch.title->size(), 1u);
  patch.title = unset;
  EXPECT_EQ(patch.title, unset);
  patch.title.emplace(3, 'x');
  EXPECT_EQ(patch.title, "xxx");
  patch.title.reset();
  EXPECT_TRUE(unset == patch.title);
}

TEST(Unset, members_take_values_as_if_they_were_not_wrapped) {
  const Patch patch{.title = "lit", .deadline = 5, .numbers = {{1, 2}}};
  EXPECT_EQ(*patch.title, "lit");
  EXPECT_EQ(**patch.deadline, 5);
  EXPECT_EQ(patch.numbers->size(), 2u);
  const Patch empty{.title = {}, .deadline = {}, .numbers = {}};
  EXPECT_EQ(empty.title, unset);
  EXPECT_EQ(empty.deadline, unset);
  EXPECT_EQ(empty.numbers, unset);
}

TEST(Unset, tells_absent_null_and_value_apart) {
  const Nullable absent;
  const Nullable null = std::nullopt;
  const Nullable five = 5;
  EXPECT_FALSE(absent.has_value());
  EXPECT_TRUE(null.has_value());
  EXPECT_FALSE(null->has_value());
  EXPECT_TRUE(five.has_value());
  EXPECT_NE(absent, null);
  EXPECT_NE(null, five);
  EXPECT_EQ(null, std::nullopt);
  EXPECT_EQ(five, 5);
  EXPECT_NE(null, unset);
}

TEST(Unset, an_optional_of_the_same_type_is_compared_as_a_value_from_both_sides) {
  const std::optional<std::int64_t> nothing;
  const std::optional<std::int64_t> five = 5;
  EXPECT_TRUE(Nullable(std::nullopt) == nothing);
  EXPECT_TRUE(nothing == Nullable(std::nullopt));
  EXPECT_FALSE(Nullable() == nothing);
  EXPECT_FALSE(nothing == Nullable());
  EXPECT_TRUE(Nullable(5) == five);
  EXPECT_TRUE(five == Nullable(5));
  EXPECT_TRUE(nothing != Nullable(5));
}

TEST(Unset, the_fallback_is_for_absent_only) {
  EXPECT_EQ(Unset<int>().value_or(7), 7);
  EXPECT_EQ(Unset<int>(3).value_or(7), 3);
  EXPECT_EQ(Nullable().value_or(7), std::optional<std::int64_t>(7));
  EXPECT_EQ(Nullable(std::nullopt).value_or(7), std::nullopt) << "null is a value";
  EXPECT_EQ(Unset<std::unique_ptr<int>>(std::make_unique<int>(4)).value_or(nullptr) != nullptr,
            true);
}

TEST(Unset, absent_orders_before_every_value) {
  EXPECT_LT(Unset<int>(), Unset<int>(-5));
  EXPECT_LT(Unset<int>(1), 2);
  EXPECT_GT(3, Unset<int>(2));
  EXPECT_LT(Nullable(), Nullable(std::nullopt));
  EXPECT_LT(Nullable(std::nullopt), Nullable(0));
  EXPECT_LT(Unset<std::string>("a"), "b");
  const std::set<Nullable> all{Nullable(4), Nullable(), Nullable(std::nullopt)};
  EXPECT_EQ(*all.begin(), unset);
}

TEST(Unset, hashes_as_its_value) {
  EXPECT_EQ(std::hash<Unset<std::string>>{}("a"), std::hash<std::string>{}("a"));
  const std::unordered_set<Nullable> all{Nullable(4), Nullable(), Nullable(std::nullopt),
                                         Nullable(4)};
  EXPECT_EQ(all.size(), 3u);
}

TEST(Unset, holds_what_can_only_be_moved) {
  Unset<std::unique_ptr<int>> first = std::make_unique<int>(1);
  Unset<std::unique_ptr<int>> second = std::move(first);
  EXPECT_EQ(**second, 1);
  second = std::make_unique<int>(2);
  const std::unique_ptr<int> taken = *std::move(second);
  EXPECT_EQ(*taken, 2);
  using std::swap;
  swap(first, second);
  static_assert(!std::is_copy_constructible_v<Unset<std::unique_ptr<int>>>);
}

TEST(Unset, holds_what_has_neither_equality_nor_hash) {
  Unset<Point> point = Point{.x = 1, .y = 2};
  EXPECT_EQ(point->y, 2);
  point = {};
  EXPECT_EQ(point, unset);
  static_assert(!std::equality_comparable<Unset<Point>> &&
                !std::three_way_comparable<Unset<Point>>);
  static_assert(!std::is_default_constructible_v<std::hash<Unset<Point>>>);
}

TEST(Unset, a_boolean_is_not_mistaken_for_presence) {
  const Unset<bool> no = false;
  EXPECT_TRUE(no.has_value());
  EXPECT_FALSE(*no);
  EXPECT_EQ(no, false);
  const Unset<bool> copy = no;
  EXPECT_FALSE(*copy);
  static_assert(!std::is_constructible_v<Unset<bool>, Unset<int>>);
  Unset<bool> changeable = true;
  Unset<bool> of_changeable = changeable;
  of_changeable = no;
  EXPECT_EQ(of_changeable, false);
}

TEST(Unset, is_constexpr_and_deduces) {
  constexpr Unset five = 5;
  static_assert(*five == 5 && five == 5 && five != unset);
  static_assert(std::is_trivially_copyable_v<Unset<int>>);
  static_assert(reflect::member_count<Patch> == 3);
}

}  // namespace
}  // namespace structwire
