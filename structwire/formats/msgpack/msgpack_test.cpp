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

// The wide forms take another way where nine bytes are left than at the end of the input.
TEST(Msgpack, reads_integers_in_any_form_wherever_they_stand) {
  const std::pair<const char*, std::int64_t> forms[] = {
      {"cc80", 128},        {"ccff", 255},        {"cdff01", 0xff01}, {"ce80000000", 0x80000000},
      {"cf7fffffffffffffff", 0x7fffffffffffffff}, {"cf0000000000000001", 1},
      {"d080", -128},       {"d07f", 127},        {"d18000", -32768}, {"d27fffffff", 0x7fffffff},
      {"d280000000", -2147483648}, {"d3ffffffffffffff7f", -129}, {"e0", -32}, {"00", 0}, {"7f", 127}};
  for (const auto& [form, number] : forms) {
    for (std::size_t behind = 0; behind < 10; ++behind) {
      std::string bytes(1, static_cast<char>(0x91 + behind));
      for (const char* at = form; *at != 0; at += 2) {
        bytes += static_cast<char>(std::stoi(std::string(at, 2), nullptr, 16));
      }
      std::vector<std::int64_t> expected(behind + 1, 1);
      expected[0] = number;
      const std::string whole = bytes + std::string(behind, '\x01');
      EXPECT_EQ(value_of<std::vector<std::int64_t>>(whole), expected) << form;
      for (std::size_t size = 1; size < whole.size(); ++size) {
        EXPECT_EQ(error_of<std::vector<std::int64_t>>(whole.substr(0, size)), "Input data was truncated") << form;
      }
    }
  }
  EXPECT_EQ(error_of<std::vector<std::uint64_t>>("\x92\xd0\x80" + std::string(9, '\1')), "Expected `int` >= 0 - at `$[0]`");
  EXPECT_EQ(error_of<std::vector<std::int64_t>>("\x92\xcf" + std::string(9, '\xff')),
            "Expected `int` <= 9223372036854775807 - at `$[0]`");
}

// Doubles, and fixed arrays of them, are read many at a time: the same values and errors as one by one.
TEST(Msgpack, reads_fixed_arrays_of_doubles_in_any_form) {
  using Pair = std::array<double, 2>;
  for (const std::size_t size : {0u, 1u, 15u, 16u, 255u, 256u, 257u, 511u, 512u, 513u, 1500u}) {
    std::vector<Pair> pairs(size);
    for (std::size_t i = 0; i < size; ++i) pairs[i] = {static_cast<double>(i) + 0.5, -static_cast<double>(i)};
    const Buffer bytes = encode(pairs);
    EXPECT_EQ(value_of<std::vector<Pair>>(bytes.text()), pairs);
    // Into what holds more, less and nothing.
    for (const std::size_t held : {0u, 3u, 2000u}) {
      std::vector<Pair> again(held, Pair{7, 7});
      EXPECT_TRUE(decode_into(bytes, again));
      EXPECT_EQ(again, pairs);
    }
    for (const std::size_t cut : {1u, 9u, 19u}) {
      if (size == 0) continue;
      EXPECT_EQ(error_of<std::vector<Pair>>(bytes.text().substr(0, bytes.size() - cut)), "Input data was truncated");
    }
    if (size == 0) continue;
    // One item in another form: the others around it are the same.
    for (const std::size_t place : {std::size_t{0}, size / 2, size - 1}) {
      const std::size_t at = bytes.size() - 19 * (size - place);
      std::string other(bytes.text());
      other.replace(at + 10, 9, "\x05");
      std::vector<Pair> expected = pairs;
      expected[place][1] = 5;
      EXPECT_EQ(value_of<std::vector<Pair>>(other), expected);
      other.replace(at + 10, 1, "\xa1x");
      EXPECT_EQ(error_of<std::vector<Pair>>(other),
                "Expected `float`, got `str` - at `$[" + std::to_string(place) + "][1]`");
      other.replace(at, 1, "\x93");
      EXPECT_EQ(error_of<std::vector<Pair>>(other),
                "Expected `array` of length 2, got 3 - at `$[" + std::to_string(place) + "]`");
    }
  }
  using Matrix = std::array<std::array<double, 3>, 15>;
  std::vector<Matrix> matrices(20);
  matrices[19][14][2] = 2.5;
  EXPECT_EQ(value_of<std::vector<Matrix>>(encode(matrices).text()), matrices);
  Limits limits;
  limits.depth = 3;
  EXPECT_TRUE(decode<std::vector<Matrix>>(encode(matrices), {.limits = limits}));
  limits.depth = 2;
  EXPECT_FALSE(decode<std::vector<Matrix>>(encode(matrices), {.limits = limits}));
}

TEST(Msgpack, makes_room_for_as_many_items_as_are_announced) {
  struct Item {
    std::string name;
    std::string text;
  };
  std::vector<Item> items(300, Item{"n", "t"});
  const auto decoded = value_of<std::vector<Item>>(encode(items).text());
  EXPECT_EQ(decoded.capacity(), items.size());
  // A count without the bytes for it: sixteen bytes of memory for each byte at most.
  Limits limits;
  limits.decoded_bytes = 16 * 1000 + sizeof(Item);
  const auto hostile = decode<std::vector<Item>>("\xdd\x03\xff\xff\xff" + std::string(1000, '\x80'), {.limits = limits});
  ASSERT_FALSE(hostile);
  EXPECT_EQ(hostile.error().code(), ErrorCode::missing_field);
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

// Short text is looked at in words that overlap: no byte may be left out.
TEST(Msgpack, finds_a_byte_that_is_no_text_wherever_it_stands) {
  for (std::size_t size = 0; size < 150; ++size) {
    const std::string header = size < 32 ? std::string(1, static_cast<char>(0xa0 + size)) : "\xd9"s + static_cast<char>(size);
    std::string text(size, 'x');
    EXPECT_EQ(value_of<std::string>(header + text), text);
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\xff';
      EXPECT_EQ(error_of<std::string>(header + text),
                "MessagePack data is malformed: invalid UTF-8 in text (byte " + std::to_string(header.size() + at) + ")");
      text[at] = 'x';
    }
  }
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
