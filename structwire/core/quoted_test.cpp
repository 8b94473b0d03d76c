// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/quoted.hpp>

#include <gtest/gtest.h>

namespace structwire {
namespace {

std::string quoted(std::string_view text) {
  std::string out = ">";
  append_quoted(out, text);
  return out;
}

TEST(Quoted, text_stays_readable_and_ends_no_line_early) {
  EXPECT_EQ(quoted("plain é漢"), ">\"plain é漢\"");
  EXPECT_EQ(quoted("q\"\\\n\r\t\x01\x7f"), ">\"q\\\"\\\\\\n\\r\\t\\x01\\x7f\"");
  EXPECT_EQ(quoted("\xff\xc3"), ">\"\\xff\\xc3\"");
  EXPECT_EQ(quoted("\xc2\x9f\xc2\xa0"), ">\"\\xc2\\x9f\xc2\xa0\"");
  EXPECT_EQ(quoted(""), ">\"\"");
}

TEST(Quoted, bytes_are_ascii) {
  std::string out;
  const std::byte bytes[] = {std::byte{'a'}, std::byte{0}, std::byte{0xC3}, std::byte{0xA9}};
  append_quoted(out, std::span(bytes));
  EXPECT_EQ(out, "b\"a\\x00\\xc3\\xa9\"");
}

}  // namespace
}  // namespace structwire
