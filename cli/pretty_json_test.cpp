// SPDX-License-Identifier: Apache-2.0
#include <cli/pretty_json.hpp>

#include <gtest/gtest.h>

namespace structwire::cli {
namespace {

TEST(PrettyJsonSuite, members_and_items_get_lines_of_their_own) {
  EXPECT_EQ(
      pretty_json(R"({"a":1,"b":[true,null],"c":{"d":"x"}})"),
      "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ],\n  \"c\": {\n    \"d\": \"x\"\n  "
      "}\n}");
}

TEST(PrettyJsonSuite, what_is_empty_or_single_stays_on_its_line) {
  for (const char* text : {"{}", "[]", "1", "\"\"", "null"}) EXPECT_EQ(pretty_json(text), text);
  EXPECT_EQ(pretty_json("[[],{}]"), "[\n  [],\n  {}\n]");
}

TEST(PrettyJsonSuite, punctuation_inside_strings_is_text) {
  EXPECT_EQ(pretty_json(R"(["{,:}\"]\\",1])"), "[\n  \"{,:}\\\"]\\\\\",\n  1\n]");
}

TEST(PrettyJsonSuite, what_is_no_json_stays_as_it_is) {
  EXPECT_EQ(pretty_json("not here, sorry"), "not here, sorry");
}

}  // namespace
}  // namespace structwire::cli
