// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/text_view.hpp>

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <unordered_set>
#include <vector>

#include <structwire/core/reflect.hpp>

namespace structwire {
namespace {

TEST(TextView, borrows_without_copying) {
  const std::string input = "some input";
  const TextView text = TextView::borrowed(std::string_view(input).substr(5));
  EXPECT_TRUE(text.is_borrowed());
  EXPECT_EQ(text.view().data(), input.data() + 5);
  const TextView copy = text;
  EXPECT_EQ(copy.view().data(), input.data() + 5);
  EXPECT_TRUE(TextView().is_borrowed());
  EXPECT_TRUE(TextView().empty());
}

// Short texts stand inside of the std::string itself, so the view has to follow the object.
TEST(TextView, owned_text_follows_copies_and_moves) {
  for (const std::size_t size : {1u, 15u, 16u, 1000u}) {
    const std::string expected(size, 'x');
    TextView first = TextView::owned(expected);
    EXPECT_FALSE(first.is_borrowed());
    TextView copy = first;
    EXPECT_NE(copy.view().data(), first.view().data());
    TextView moved = std::move(first);
    first = TextView::owned("changed");
    EXPECT_EQ(copy, expected);
    EXPECT_EQ(moved, expected);
    copy = moved;
    moved = TextView();
    EXPECT_EQ(copy, expected);
    std::vector<TextView> many;
    for (int i = 0; i < 100; ++i) many.push_back(copy);
    for (const TextView& each : many) EXPECT_EQ(each, expected);
    std::swap(copy, moved);
    EXPECT_EQ(moved, expected);
    EXPECT_TRUE(copy.empty());
  }
}

TEST(TextView, compares_as_text_whoever_owns_it) {
  const TextView borrowed = TextView::borrowed("abc");
  const TextView owned = TextView::owned("abc");
  EXPECT_EQ(borrowed, owned);
  EXPECT_EQ(borrowed, "abc");
  EXPECT_EQ("abc", owned);
  EXPECT_EQ(owned, std::string("abc"));
  EXPECT_EQ(owned, std::string_view("abc"));
  EXPECT_NE(owned, "ab");
  EXPECT_LT(owned, "abd");
  EXPECT_LT(TextView::borrowed("ab"), owned);
  EXPECT_EQ(std::hash<TextView>{}(owned), std::hash<std::string_view>{}("abc"));
  EXPECT_EQ((std::set{borrowed, owned}).size(), 1u);
  EXPECT_EQ((std::unordered_set{borrowed, owned}).size(), 1u);
}

TEST(TextView, is_a_string_view_where_one_is_wanted) {
  const TextView text = TextView::owned("abc");
  const std::string_view view = text;
  EXPECT_EQ(view.data(), text.view().data());
  EXPECT_EQ(text.size(), 3u);
  EXPECT_EQ(text.str(), "abc");
  EXPECT_EQ(std::string(text), "abc");
  std::ostringstream out;
  out << text << '!';
  EXPECT_EQ(out.str(), "abc!");
}

struct Message {
  TextView a;
  TextView b;
};
static_assert(reflect::member_count<Message> == 2);

}  // namespace
}  // namespace structwire
