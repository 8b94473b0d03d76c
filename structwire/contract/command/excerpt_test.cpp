// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/command/excerpt.hpp>

#include <gtest/gtest.h>

#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

TEST(Excerpt, text_is_cut_between_code_points) {
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abcd", 3), "abc…");
  EXPECT_EQ(shortened("aé€d", 2), "a…");
  EXPECT_EQ(shortened("aé€d", 3), "aé…");
  EXPECT_EQ(shortened("aé€d", 5), "aé…");
  EXPECT_EQ(shortened("\xC3\xA9\xC3\xA9", 1), "…");
}

std::string excerpt_of(std::string_view json, std::string_view path) {
  std::string text(json);
  const std::string filler(200, 'x');
  if (const std::size_t at = text.find("FILLER"); at != text.npos) text.replace(at, 6, filler);
  return excerpt(json::decode<Value>(text).value(), path);
}

TEST(Excerpt, a_short_message_is_whole) {
  EXPECT_EQ(excerpt_of(R"({"a":1,"b":[1,2]})", "$.b[1]"), R"({"a":1,"b":[1,2]})");
}

TEST(Excerpt, of_a_long_message_the_way_is_shown) {
  const std::string_view message = R"({"id":"FILLER","items":[{"price":1},{"sku":"a","price":2,"n":0}],"a.b":7,"a":{"b":8},"last":{"k":[1]}})";
  EXPECT_EQ(excerpt_of(message, "$.items[1].price"), R"({…,"items":[…,{…,"price":2,…}],…})");
  EXPECT_EQ(excerpt_of(message, "$.items[0]"), R"({…,"items":[{"price":1},…],…})");
  EXPECT_EQ(excerpt_of(message, "$.items.n"), R"({…,"items":[…,{…,"n":0}],…})");
  EXPECT_EQ(excerpt_of(message, "$.a.b"), R"({…,"a.b":7,…})");
  EXPECT_EQ(excerpt_of(message, "$.last[...]"), R"({…,"last":{"k":[1]}})");
  EXPECT_EQ(excerpt_of(message, "$.items[7].price").substr(0, 30), R"({…,"items":[{"price":1},{"sk)");
  EXPECT_EQ(excerpt_of(message, "$.items[x"), R"({…,"items":[{"price":1},{"sku":"a","price":2,"n":0}],…})");
}

TEST(Excerpt, a_path_that_leads_nowhere_shows_the_beginning) {
  EXPECT_EQ(excerpt_of(R"({"id":"FILLER"})", "$").size(), 100 + std::string_view("…").size());
  EXPECT_EQ(excerpt_of(R"(["FILLER"])", "$.x").substr(0, 5), R"(["xxx)");
}

TEST(Excerpt, control_characters_are_escaped) {
  EXPECT_EQ(printable("a\x1b[31m\x7f\xC2\x9B é\n"), "a\\u001b[31m\\u007f\\u009b é\\u000a");
  EXPECT_EQ(printable("\xC2"), "\xC2");
}

}  // namespace
}  // namespace structwire::contract
