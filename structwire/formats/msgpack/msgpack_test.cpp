// SPDX-License-Identifier: Apache-2.0

// What is peculiar to MessagePack; everything that formats have in common is in tests/conformance.

#include <structwire/msgpack.hpp>

#include <gtest/gtest.h>

#include <map>

namespace structwire::msgpack {
namespace {

using namespace std::string_literals;

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    text += "0123456789abcdef"[c & 15];
  }
  return text;
}

template <class T>
std::string encoded(const T& value) {
  return hex(encode(value).text());
}

template <class T>
std::string error_of(std::string_view bytes) {
  const auto decoded = decode<T>(bytes);
  return decoded ? "decoded" : decoded.error().message();
}

template <class T>
T value_of(std::string_view bytes) {
  auto decoded = decode<T>(bytes);
  EXPECT_TRUE(decoded) << (decoded ? "" : decoded.error().message());
  return decoded ? *decoded : T();
}

TEST(Msgpack, writes_every_integer_in_its_shortest_form) {
  const std::pair<std::int64_t, const char*> rows[] = {
      {0, "00"},           {127, "7f"},          {128, "cc80"},
      {255, "ccff"},       {256, "cd0100"},      {65535, "cdffff"},
      {65536, "ce00010000"}, {4294967295, "ceffffffff"}, {4294967296, "cf0000000100000000"},
      {-1, "ff"},          {-32, "e0"},          {-33, "d0df"},
      {-128, "d080"},      {-129, "d1ff7f"},     {-32768, "d18000"},
      {-32769, "d2ffff7fff"}, {-2147483648, "d280000000"}, {-2147483649, "d3ffffffff7fffffff"}};
  for (const auto& [number, bytes] : rows) {
    EXPECT_EQ(encoded(number), bytes);
    EXPECT_EQ(value_of<std::int64_t>(encode(number).text()), number);
  }
}

TEST(Msgpack, reads_integers_in_any_form) {
  EXPECT_EQ(value_of<int>("\xd3\xff\xff\xff\xff\xff\xff\xff\xff"s), -1);
  EXPECT_EQ(value_of<int>("\xcf\0\0\0\0\0\0\0\x05"s), 5);
  EXPECT_EQ(error_of<std::int8_t>("\xcc\x80"), "Expected `int` <= 127");
  EXPECT_EQ(error_of<unsigned>("\xff"), "Expected `int` >= 0");
}

TEST(Msgpack, reads_floats_of_both_widths_and_integers_as_floats) {
  EXPECT_EQ(value_of<double>("\xca\x3f\xc0\0\0"s), 1.5);
  EXPECT_EQ(value_of<double>("\xcb\x3f\xf8\0\0\0\0\0\0"s), 1.5);
  EXPECT_EQ(value_of<double>("\x05"), 5.0);
  EXPECT_EQ(encoded(1.5f), "cb3ff8000000000000") << "floats are written as float64";
  EXPECT_EQ(error_of<float>("\xcb\x7f\xef\xff\xff\xff\xff\xff\xff"), "Number out of range");
  EXPECT_EQ(error_of<int>("\xca\x3f\xc0\0\0"s), "Expected `int`, got `float`");
}

TEST(Msgpack, chooses_the_shortest_header) {
  EXPECT_EQ(encoded(std::string(31, 'x')).substr(0, 4), "bf78");
  EXPECT_EQ(encoded(std::string(32, 'x')).substr(0, 6), "d92078");
  EXPECT_EQ(encoded(std::string(256, 'x')).substr(0, 8), "da010078");
  EXPECT_EQ(encoded(std::string(65536, 'x')).substr(0, 12), "db0001000078");
  EXPECT_EQ(encoded(std::vector<bool>(16)).substr(0, 6), "dc0010");
  EXPECT_EQ(encoded(Bytes(1)).substr(0, 4), "c401");
  EXPECT_EQ(encoded(Value(Ext{7, Bytes(4)})), "d60700000000");
  EXPECT_EQ(encoded(Value(Ext{7, Bytes(3)})), "c70307000000");
}

TEST(Msgpack, says_what_is_malformed_and_where) {
  EXPECT_EQ(error_of<int>(""), "Input data was truncated");
  EXPECT_EQ(error_of<int>("\xcd\x01"), "Input data was truncated");
  EXPECT_EQ(error_of<Value>("\x91\xc1"), R"(MessagePack data is malformed: invalid opcode '\xc1' (byte 1))");
  EXPECT_EQ(error_of<int>("\x01\x02"), "MessagePack data is malformed: trailing characters (byte 1)");
  EXPECT_EQ(error_of<std::string>("\xa2z\xff"), "MessagePack data is malformed: invalid UTF-8 in text (byte 2)");
  EXPECT_EQ(error_of<std::vector<int>>("\xdd\xff\xff\xff\xff\x01"), "Input data was truncated");
}

TEST(Msgpack, refuses_values_of_the_wrong_kind) {
  EXPECT_EQ(error_of<int>("\xc0"), "Expected `int`, got `None`");
  EXPECT_EQ(error_of<std::string>("\xc4\x01x"), "Expected `str`, got `bytes`");
  EXPECT_EQ(error_of<Bytes>("\xa1x"), "Expected `bytes`, got `str`");
  EXPECT_EQ(error_of<bool>("\xd4\x01\x01"), "Expected `bool`, got `ext`");
  EXPECT_EQ((error_of<std::map<std::string, int>>("\x81\x01\x01")), "Expected `str`, got `int` - at `key` in `$`");
}

TEST(Canonical, sorts_keys_by_their_bytes_at_every_level) {
  const Value value(Value::Map{{"b", 1}, {"a", Value(Value::Map{{Value(300), 1}, {Value(-1), 2}, {"", 3}})}});
  // Keys inside "a": empty text a0, 300 as cd012c, -1 as ff.
  EXPECT_EQ(hex(canonical(value)->text()), "82a16183a003cd012c01ff02a16201");
}

Raw raw(std::string_view bytes) { return *Raw::checked(format(), std::as_bytes(std::span(bytes))); }

TEST(Canonical, is_the_same_for_equal_values_of_any_format_and_form) {
  const Raw long_forms = raw("\xde\0\x01\xd9\x01"s "a\xd3\0\0\0\0\0\0\0\x05"s);
  const Raw short_forms = raw("\x81\xa1"s "a\x05"s);
  EXPECT_EQ(*canonical(long_forms), *canonical(short_forms));
  EXPECT_NE(*canonical(Value(1)), *canonical(Value(1.0)));
}

TEST(Canonical, keeps_the_last_of_equal_keys) {
  const Value twice(Value::Map{{"a", 1}, {"b", 2}, {"a", 3}});
  EXPECT_EQ(*canonical(twice), *canonical(Value(Value::Map{{"a", 3}, {"b", 2}})));
}

TEST(Canonical, refuses_keys_that_no_text_format_could_show) {
  const Value inner(Value::Map{{Value(Value::Array{1}), 2}});
  EXPECT_TRUE(canonical(inner));
  const Value outer(Value::Map{{inner, 1}});
  ASSERT_FALSE(canonical(outer));
  EXPECT_EQ(canonical(outer).error().code(), ErrorCode::unsupported);
}

}  // namespace
}  // namespace structwire::msgpack
