// SPDX-License-Identifier: Apache-2.0
#include <cli/value_stream.hpp>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace structwire::cli {
namespace {

struct Read {
  std::vector<std::string> values;
  std::vector<std::size_t> offsets;
};

Read read_values(const Format& format, std::string content) {
  // fmemopen refuses an empty buffer; an empty stream is tested through a blank line.
  std::FILE* file = ::fmemopen(content.data(), content.size(), "rb");
  ValueStream stream(file, format);
  Read read;
  while (true) {
    const auto next = stream.next();
    EXPECT_TRUE(next);
    if (!next || !*next) break;
    read.values.emplace_back(reinterpret_cast<const char*>((*next)->data()), (*next)->size());
    read.offsets.push_back(stream.offset());
  }
  std::fclose(file);
  return read;
}

TEST(ValueStreamSuite, json_values_stand_on_lines_and_blank_ones_are_passed) {
  const Read read = read_values(json::format(), "1\n\n  \n{\"a\":\"b\"}\r\n[2]");
  EXPECT_EQ(read.values, (std::vector<std::string>{"1\n", "{\"a\":\"b\"}\r\n", "[2]"}));
  EXPECT_EQ(read.offsets, (std::vector<std::size_t>{0, 6, 17}));
}

TEST(ValueStreamSuite, messagepack_values_follow_each_other_over_block_borders) {
  std::string content;
  std::vector<std::size_t> offsets;
  for (const std::size_t length : {1U, 65530U, 300000U, 2U}) {
    offsets.push_back(content.size());
    content += msgpack::encode(std::string(length, 'x')).text();
  }
  const Read read = read_values(msgpack::format(), content);
  ASSERT_EQ(read.values.size(), 4U);
  EXPECT_EQ(read.offsets, offsets);
  EXPECT_EQ(msgpack::decode<std::string>(read.values[2])->size(), 300000U);
}

TEST(ValueStreamSuite, what_is_cut_off_is_given_as_it_is) {
  const Read read = read_values(msgpack::format(), "\x01\x92\x01");
  EXPECT_EQ(read.values, (std::vector<std::string>{"\x01", "\x92\x01"}));
}

}  // namespace
}  // namespace structwire::cli
