// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/literal.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <unordered_set>
#include <vector>

#include <structwire/core/reflect.hpp>

namespace structwire {
namespace {

using Method = Literal<"get", "put", "">;
using Mixed = Literal<nullptr, 1, "a", true, -5>;

struct Message {
  Literal<"v1"> version;
  Method method = "put";
  Mixed width;
};

template <class T>
std::string printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

TEST(Literal, starts_as_its_first_constant) {
  const Message message;
  EXPECT_EQ(message.version, "v1");
  EXPECT_EQ(message.method, "put");
  EXPECT_EQ(message.width, nullptr);
  EXPECT_EQ(message.width.index(), 0u);
  static_assert(sizeof(Method) == 1);
}

TEST(Literal, takes_the_constants_of_its_list) {
  Message message{.version = "v1", .method = "get", .width = 1};
  EXPECT_EQ(message.method.index(), 0u);
  EXPECT_EQ(message.width, 1);
  message.method = "";
  EXPECT_EQ(message.method, "");
  message.width = true;
  EXPECT_EQ(message.width.index(), 3u);
  message.width = nullptr;
  message.width = "a";
  message.width = -5;
  EXPECT_EQ(message.width, -5);
  constexpr std::string_view constant = "get";
  message.method = constant;
  EXPECT_EQ(message.method, "get");
  const std::map<Method, int> by_method{{Method("get"), 1}, {Method("put"), 2}};
  EXPECT_EQ(by_method.at("put"), 2);
  const std::vector<Method> several{"get", "put"};
  EXPECT_EQ(several[1], "put");
  const std::optional<Method> maybe = Method("put");
  EXPECT_EQ(*maybe, "put");
}

TEST(Literal, finds_what_comes_at_run_time) {
  const std::string text = "put";
  EXPECT_EQ(Method::from(text)->index(), 1u);
  EXPECT_EQ(Method::from("get")->index(), 0u);
  EXPECT_EQ(Method::from(std::string_view())->index(), 2u);
  EXPECT_EQ(Method::from("PUT"), std::nullopt);
  EXPECT_EQ(Method::from(1), std::nullopt);
  EXPECT_EQ(Mixed::from(nullptr)->index(), 0u);
  EXPECT_EQ(Mixed::from(std::int64_t{-5})->index(), 4u);
  EXPECT_EQ(Mixed::from(std::uint8_t{1})->index(), 1u);
  EXPECT_EQ(Mixed::from(std::numeric_limits<std::uint64_t>::max()), std::nullopt);
  EXPECT_EQ(Mixed::from(false), std::nullopt);
}

TEST(Literal, a_boolean_is_no_integer_and_null_is_no_text) {
  EXPECT_EQ(Mixed::from(true)->index(), 3u);
  EXPECT_EQ(Mixed::from(1)->index(), 1u);
  EXPECT_EQ((Literal<1>::from(true)), std::nullopt);
  EXPECT_EQ((Literal<true>::from(1)), std::nullopt);
  EXPECT_EQ((Literal<"">::from(nullptr)), std::nullopt);
  EXPECT_EQ((Literal<0, false, nullptr, "">::size), 4u);
  EXPECT_NE(Mixed(1), true);
}

TEST(Literal, compares_with_constants_and_its_like) {
  const Method get = "get";
  const Method put = "put";
  EXPECT_TRUE(get == get);
  EXPECT_TRUE(get != put);
  EXPECT_TRUE(get < put) << "in the order listed";
  EXPECT_TRUE("get" == get);
  EXPECT_TRUE(get != std::string("put"));
  EXPECT_TRUE(get != "elsewhere");
  EXPECT_TRUE(get != 0);
}

TEST(Literal, hands_out_its_constant) {
  EXPECT_EQ(Method("put").visit([](std::string_view text) { return text; }), "put");
  EXPECT_EQ((Literal<3, 4>(4).visit([](std::int64_t number) { return number; })), 4);
  EXPECT_EQ((Literal<false>().visit([](bool truth) { return truth; })), false);
  EXPECT_EQ(Method("put").text(), "put");
  EXPECT_EQ(Mixed(1).text(), "");
  EXPECT_EQ(Mixed("a").kind(), LiteralKind::text);
  EXPECT_EQ(Mixed(true).kind(), LiteralKind::boolean);
}

TEST(Literal, lists_its_constants_by_kind) {
  static_assert(Mixed::has_null && Mixed::has_text && Mixed::has_integer && Mixed::has_boolean);
  static_assert(!Method::has_null && Method::has_text && !Method::has_integer &&
                !Method::has_boolean);
  static_assert(Mixed::integers.size() == 2 && Mixed::integers[0] == 1 && Mixed::integers[1] == -5);
  static_assert(Method::texts[1] == "put" && Method::integers.empty());
  static_assert(Mixed::booleans[0] && Mixed::kinds[2] == LiteralKind::text);
  static_assert(LiteralType<Method> && !LiteralType<int>);
  static_assert((Literal<"a\0b">::texts[0].size()) == 3);
  static_assert((Literal<std::numeric_limits<std::int64_t>::min()>::integers[0]) < 0);
}

TEST(Literal, prints_and_hashes) {
  EXPECT_EQ(printed(Method("put")), "put");
  EXPECT_EQ(printed(Mixed(-5)), "-5");
  EXPECT_EQ(printed(Mixed(true)), "true");
  EXPECT_EQ(printed(Mixed()), "null");
  const std::unordered_set<Mixed> some{1, true, 1};
  EXPECT_EQ(some.size(), 2u);
}

TEST(Literal, types_are_the_same_when_their_lists_are) {
  static_assert(std::is_same_v<Literal<"a", 1>, Literal<"a", 1LL>>);
  static_assert(!std::is_same_v<Literal<"a", "b">, Literal<"b", "a">>);
  static_assert(reflect::member_count<Message> == 3);
  static_assert(std::is_trivially_copyable_v<Mixed>);
}

}  // namespace
}  // namespace structwire
