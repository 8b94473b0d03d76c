// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/json/reformat.hpp>

#include <span>
#include <string>

#include <gtest/gtest.h>

#include <structwire/json.hpp>
#include <tests/support/exact_bytes.hpp>

namespace structwire::json {
namespace {

std::string reformatted(std::string_view json, int indent) {
  const auto result = reformat(json, indent);
  return result ? *result : result.error().message();
}

std::string refused(std::string_view json) { return reformatted(json, 2); }

TEST(Reformat, puts_every_piece_on_a_line_of_its_own) {
  EXPECT_EQ(reformatted(R"({"a":[1,{"b":null}],"c":{}})", 2),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": {}\n}");
  EXPECT_EQ(reformatted("[[],[1]]", 1), "[\n [],\n [\n  1\n ]\n]");
}

TEST(Reformat, writes_one_line_with_spaces_or_without) {
  constexpr std::string_view pretty = "\t{ \"a\" :\r\n[ 1 ,2 ] , \"b\":{ } , \"c\" : [\n] }\n";
  EXPECT_EQ(reformatted(pretty, 0), R"({"a": [1, 2], "b": {}, "c": []})");
  EXPECT_EQ(reformatted(pretty, -1), R"({"a":[1,2],"b":{},"c":[]})");
}

TEST(Reformat, leaves_numbers_and_text_as_they_are_spelled) {
  constexpr std::string_view odd =
      R"([-0,1E+400,1.50,123456789012345678901234567890,"\u0041\/\ud83d\ude00 , : [ é","\"\\"])";
  EXPECT_EQ(reformatted(odd, -1), odd);
  EXPECT_EQ(reformatted(R"({"a":1,"\u0061":2,"a":3})", -1), R"({"a":1,"\u0061":2,"a":3})");
}

TEST(Reformat, takes_single_scalars) {
  for (const std::string_view scalar :
       {"1", "-1.5e3", "true", "false", "null", "\"\"", "[]", "{}"}) {
    for (const int indent : {-1, 0, 4}) EXPECT_EQ(reformatted(scalar, indent), scalar);
  }
}

// The words of msgspec.json.format, asked in version 0.22.
TEST(Reformat, refuses_what_is_malformed) {
  EXPECT_EQ(refused(""), "Input data was truncated");
  EXPECT_EQ(refused("[1"), "Input data was truncated");
  EXPECT_EQ(refused(R"({"a")"), "Input data was truncated");
  EXPECT_EQ(refused(R"("\ud83d\ude0)"), "Input data was truncated");
  EXPECT_EQ(refused("tru"), "Input data was truncated");
  EXPECT_EQ(refused("[trux]"), "JSON is malformed: invalid character (byte 2)");
  EXPECT_EQ(refused("nope"), "JSON is malformed: invalid character (byte 1)");
  EXPECT_EQ(refused("[-"), "JSON is malformed: invalid character (byte 2)");
  EXPECT_EQ(refused("-a"), "JSON is malformed: invalid character (byte 1)");
  EXPECT_EQ(refused("-01"), "JSON is malformed: invalid number (byte 2)");
  EXPECT_EQ(refused("1e"), "JSON is malformed: invalid number (byte 2)");
  EXPECT_EQ(refused(R"("\x")"), "JSON is malformed: invalid escaped character (byte 2)");
  EXPECT_EQ(refused(R"({"\q":1})"), "JSON is malformed: invalid escaped character (byte 3)");
  EXPECT_EQ(refused(R"("\ud800abcdefg")"),
            "JSON is malformed: unexpected end of hex escape (byte 7)");
  EXPECT_EQ(refused(R"("\udc00")"), "JSON is malformed: invalid utf-16 surrogate pair (byte 7)");
  EXPECT_EQ(refused(R"("\u00g0")"),
            "JSON is malformed: invalid character in unicode escape (byte 6)");
  EXPECT_EQ(refused("\"\x1f\""), "JSON is malformed: invalid character (byte 1)");
  EXPECT_EQ(refused("[1,]"), "JSON is malformed: trailing comma in array (byte 3)");
  EXPECT_EQ(refused(R"({"a":1,})"), "JSON is malformed: trailing comma in object (byte 7)");
  EXPECT_EQ(refused("[1 2]"), "JSON is malformed: expected ',' or ']' (byte 3)");
  EXPECT_EQ(refused(R"({"a" 1})"), "JSON is malformed: expected ':' (byte 5)");
  EXPECT_EQ(refused("{1:1}"), "JSON is malformed: expected '\"' (byte 1)");
  EXPECT_EQ(refused("1 2"), "JSON is malformed: trailing characters (byte 3)");
}

TEST(Reformat, checks_utf8) {
  EXPECT_EQ(refused("[\"a\xFF\"]"), "JSON is malformed: invalid UTF-8 in string (byte 3)");
  EXPECT_EQ(refused("{\"\xE2\x82\":1}"), "JSON is malformed: invalid UTF-8 in string (byte 2)");
}

TEST(Reformat, reads_nothing_behind_its_input) {
  constexpr std::string_view text = R"({"a":[1,-2.5e3,"x\u00e9\n"],"b":null,"c":[true,false]})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const testing::ExactBytes cut(std::as_bytes(std::span(text.substr(0, size))));
    const auto* begin = reinterpret_cast<const char*>(cut.bytes().data());
    EXPECT_FALSE(reformat({begin, size}, 2)) << size;
  }
}

TEST(Reformat, appends_and_takes_everything_back_after_an_error) {
  Buffer out(std::string_view("before"));
  ASSERT_TRUE(reformat("[1]", -1, out));
  EXPECT_EQ(out.text(), "before[1]");
  ASSERT_FALSE(reformat("[1,[2,3],\"long enough to grow the buffer for sure\",]", 4, out));
  EXPECT_EQ(out.text(), "before[1]");
  ASSERT_FALSE(reformat("[1] 2", 4, out));
  EXPECT_EQ(out.text(), "before[1]");
}

TEST(Reformat, holds_the_limits) {
  Buffer out;
  DecodeOptions options;
  options.limits.depth = 3;
  EXPECT_TRUE(reformat("[[[1]]]", 2, out, options));
  EXPECT_EQ(reformat("[[[[1]]]]", 2, out, options).error().code(), ErrorCode::depth_limit);
  options = {};
  options.limits.container_items = 20;
  std::string items = "[0";
  for (int i = 0; i < 20; ++i) items += ",0";
  EXPECT_EQ(reformat(items + "]", 2, out, options).error().code(), ErrorCode::size_limit);
  options = {};
  options.limits.string_bytes = 300;
  const std::string text(300, 'x');
  EXPECT_TRUE(reformat('"' + text + '"', 2, out, options));
  EXPECT_EQ(reformat("\"x" + text + '"', 2, out, options).error().code(), ErrorCode::size_limit);
  EXPECT_EQ(reformat("{\"x" + text + "\":1}", 2, out, options).error().code(),
            ErrorCode::size_limit);
}

TEST(Reformat, white_space_has_a_limit) {
  Buffer out;
  DecodeOptions options;
  options.limits.decoded_bytes = 4;
  EXPECT_TRUE(reformat("[1]", 2, out, options));  // "\n  " and "\n".
  options.limits.decoded_bytes = 3;
  EXPECT_EQ(reformat("[1]", 2, out, options).error().code(), ErrorCode::size_limit);
  EXPECT_TRUE(reformat("[1,2,3,4,5,6]", 0, out, options));
  // No memory is taken for what is refused.
  EXPECT_EQ(reformat("[[1]]", 2'147'483'647).error().code(), ErrorCode::size_limit);
}

TEST(Reformat, a_deep_text_needs_no_stack) {
  DecodeOptions options;
  options.limits.depth = 2'000'000;
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  Buffer out;
  ASSERT_TRUE(reformat(deep, -1, out, options));
  EXPECT_EQ(out.text(), deep);
}

}  // namespace
}  // namespace structwire::json
