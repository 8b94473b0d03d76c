// SPDX-License-Identifier: Apache-2.0
#include <cli/bad_data.hpp>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace structwire::cli {
namespace {

std::string described(const Format& format, std::string_view text, std::size_t start = 0) {
  const auto bytes = std::as_bytes(std::span(text));
  const auto value = format.decode(bytes, {});
  return value ? "valid" : describe(value.error(), format, bytes, start);
}

TEST(BadDataSuite, text_is_blamed_by_byte_line_and_column) {
  EXPECT_TRUE(described(json::format(), "{\"a\":\n [1,}").ends_with(" (byte 10), line 2 column 5"));
  EXPECT_TRUE(described(json::format(), "!").ends_with(" (byte 0), line 1 column 1"));
}

TEST(BadDataSuite, inside_a_stream_the_byte_is_counted_from_its_start) {
  const std::string text = described(json::format(), "[1,}", 1000);
  EXPECT_TRUE(text.ends_with(" (byte 1003)")) << text;
  EXPECT_EQ(text.find("(byte 3)"), text.npos) << text;
}

TEST(BadDataSuite, bytes_have_no_lines) {
  EXPECT_EQ(described(msgpack::format(), "\x92\x01"),
            "no valid msgpack: Input data was truncated (byte 2)");
}

}  // namespace
}  // namespace structwire::cli
