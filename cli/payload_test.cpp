// SPDX-License-Identifier: Apache-2.0
#include <cli/payload.hpp>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

#include <gtest/gtest.h>

namespace structwire::cli {
namespace {

TEST(PayloadSuite, output_is_a_json_value_where_it_is_one_and_text_elsewhere) {
  struct Row {
    std::string_view output, json;
  };
  for (const Row& row : {
           Row{"31\n", "31"},
           Row{" {\"a\": [1, 2.5]}\n", R"({"a":[1,2.5]})"},
           Row{"to be\n", R"("to be")"},
           Row{"two\nlines\n", R"("two\nlines")"},
           Row{"1 2\n", R"("1 2")"},
           Row{"\"text\"\n", R"("text")"},
           Row{"", "null"},
           Row{" \n", "null"},
           Row{"\xff", R"("/w==")"},
       }) {
    const auto value = result_from_output(row.output).decode();
    ASSERT_TRUE(value) << row.output;
    EXPECT_EQ(json::encode(*value), row.json) << row.output;
  }
}

TEST(PayloadSuite, bytes_that_are_no_text_stay_bytes) {
  const auto value = result_from_output("\xff\xfe").decode();
  ASSERT_TRUE(value);
  ASSERT_NE(value->get_if<Bytes>(), nullptr);
  EXPECT_EQ(value->get_if<Bytes>()->size(), 2U);
}

TEST(PayloadSuite, text_is_taken_from_text_payloads_only) {
  EXPECT_EQ(text_of(*payload_from(json::format(), R"("a\nb")")), "a\nb");
  EXPECT_FALSE(text_of(*payload_from(json::format(), "[1]")));
  EXPECT_FALSE(payload_from(json::format(), "[1"));
}

}  // namespace
}  // namespace structwire::cli
