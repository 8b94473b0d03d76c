// SPDX-License-Identifier: Apache-2.0
//
// What the calls of the doors do besides one value in, one value out: reusable encoders and decoders, output at an
// offset and into foreign memory, sequences of values, every error at once, borrowed pieces.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/core/decimal.hpp>
#include <structwire/core/text_view.hpp>
#include <tests/conformance/three_formats.hpp>

namespace structwire::testing {
namespace {

struct Point {
  int x = 0;
  int y = 5;
  using wire = Rules<member<&Point::x, le(9)>, member<&Point::y, defaulted>>;
};
struct Shape {
  std::string name;
  std::vector<Point> points;
};

std::string text_of_bytes(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(Encoders, have_struct_rules_that_win_over_those_of_every_struct) {
  json::Encoder<array_like> arrays;
  EXPECT_EQ(text_of_bytes(*arrays.encode(Shape{"a", {{1, 2}}})), R"(["a",[[1,2]]])");
  json::Encoder<omit_defaults, rename(NameStyle::upper)> other;
  EXPECT_EQ(text_of_bytes(*other.encode(Shape{"a", {{1, 5}, {2, 6}}})), R"({"NAME":"a","POINTS":[{"X":1},{"X":2,"Y":6}]})");
  msgpack::Encoder<array_like> packed;
  const auto bytes = packed.encode(Point{1, 2});
  ASSERT_TRUE(bytes);
  EXPECT_EQ(json::encode(*msgpack::decode<Value>(*bytes)), "[1,2]");
}

TEST(Encoders, keep_their_options_and_their_memory) {
  json::Encoder<> encoder({.order = Order::sorted});
  struct Unsorted {
    int b = 1;
    int a = 2;
  };
  const auto first = encoder.encode(Unsorted{});
  ASSERT_TRUE(first);
  EXPECT_EQ(text_of_bytes(*first), R"({"a":2,"b":1})");
  const auto second = encoder.encode(Unsorted{3, 4});
  EXPECT_EQ(text_of_bytes(*second), R"({"a":4,"b":3})");
  Buffer out;
  ASSERT_TRUE(encoder.append_to(Unsorted{}, out));
  ASSERT_TRUE(encoder.append_to(Unsorted{}, out));
  EXPECT_EQ(out.text(), R"({"a":2,"b":1}{"a":2,"b":1})");
  EXPECT_EQ(encoder.encode(std::string("\xff")).error().code(), ErrorCode::invalid_utf8);
}

TEST(Decoders, have_struct_rules_that_win_over_those_of_every_struct) {
  const json::Decoder<array_like> arrays;
  EXPECT_EQ(arrays.decode<Shape>(R"(["a",[[1,2]]])")->points[0].y, 2);
  const json::Decoder<all_defaulted, forbid_unknown_fields> strict;
  EXPECT_EQ(strict.decode<Shape>("{}")->name, "");
  EXPECT_EQ(strict.decode<Shape>(R"({"x":1})").error().message(), "Object contains unknown field `x`");
  const json::Decoder<> lax({.lax = true});
  EXPECT_EQ(lax.decode<Point>(R"({"x":"7"})")->x, 7);
  Point reused;
  ASSERT_TRUE(lax.decode_into(R"({"x":"8"})", reused));
  EXPECT_EQ(reused.x, 8);
  EXPECT_EQ(lax.decode_checked<Point>(R"({"x":10,"y":"z"})").error().size(), 2u);
  const msgpack::Decoder<array_like> packed;
  EXPECT_EQ(packed.decode<Point>(msgpack::encode(value_of("[3]")).bytes())->x, 3);
}

TEST(EncodeInto, replaces_appends_and_writes_at_an_offset) {
  Buffer out;
  ASSERT_TRUE(json::encode_into(Point{1, 2}, out));
  ASSERT_TRUE(json::encode_into(3, out));
  EXPECT_EQ(out.text(), "3");
  ASSERT_TRUE(json::append_to(4, out));
  EXPECT_EQ(out.text(), "34");
  ASSERT_TRUE(json::encode_into(std::string("ab"), out, 1));
  EXPECT_EQ(out.text(), "3\"ab\"");
  ASSERT_TRUE(json::encode_into(5, out, 1));
  EXPECT_EQ(out.text(), "35");
  ASSERT_TRUE(json::encode_into(6, out, 4));
  EXPECT_EQ(out.text(), std::string_view("35\0\0" "6", 5));
  EXPECT_FALSE(json::encode_into(std::string("\xff"), out, 0));
  EXPECT_EQ(out.text(), std::string_view("35\0\0" "6", 5));
  Buffer packed;
  ASSERT_TRUE(msgpack::encode_into(1, packed, 2));
  EXPECT_EQ(packed.text(), std::string_view("\0\0\x01", 3));
}

// Writers store whole blocks: never behind the memory that they were given, and into the rest of it only while they
// are at work.
TEST(EncodeInto, touches_nothing_behind_the_memory_of_the_caller) {
  const auto check = [](const auto& value, std::size_t encoded_size, auto encode) {
    for (std::size_t size = 0; size < encoded_size + 300; ++size) {
      std::vector<std::byte> memory(size + 128, std::byte{'.'});
      const auto written = encode(value, std::span(memory).first(size));
      ASSERT_EQ(written.has_value(), size >= encoded_size);
      ASSERT_EQ(written.value_or(encoded_size), encoded_size);
      for (std::size_t i = size; i < memory.size(); ++i) ASSERT_EQ(memory[i], std::byte{'.'}) << size;
    }
  };
  const auto json = [](const auto& value, std::span<std::byte> out) { return json::encode_into(value, out); };
  const auto packed = [](const auto& value, std::span<std::byte> out) { return msgpack::encode_into(value, out); };
  const std::vector<double> numbers(7, -1.2345678901234567e-300);
  check(numbers, json::encode(numbers).size(), json);
  check(numbers, msgpack::encode(numbers).size(), packed);
  const std::vector<std::string> texts{"short", std::string(63, 'a'), "\n\"", std::string(70, 'b'), "é"};
  check(texts, json::encode(texts).size(), json);
  check(texts, msgpack::encode(texts).size(), packed);
  check(-1, 2, json);
  check(true, 4, json);
}

TEST(EncodeInto, writes_to_memory_of_the_caller_or_not_at_all) {
  std::array<std::byte, 8> memory{};
  memory.fill(std::byte{'.'});
  const auto size = json::encode_into(std::string("abc"), std::span(memory));
  ASSERT_TRUE(size);
  EXPECT_EQ(*size, 5u);
  EXPECT_EQ(text_of_bytes(std::span(memory).first(5)), "\"abc\"");
  memory.fill(std::byte{'.'});
  const auto exact = json::encode_into(std::string("abcdef"), std::span(memory));
  ASSERT_TRUE(exact);
  EXPECT_EQ(*exact, 8u);
  memory.fill(std::byte{'.'});
  const auto refused = json::encode_into(std::string("abcdefg"), std::span(memory));
  EXPECT_EQ(refused.error().code(), ErrorCode::buffer_too_small);
  EXPECT_EQ(text_of_bytes(memory), "........");
  EXPECT_EQ(*msgpack::encode_into(Point{1, 2}, std::span(memory)), 7u);
  EXPECT_EQ(msgpack::encode_into(std::string(9, 'a'), std::span(memory)).error().code(), ErrorCode::buffer_too_small);
}

TEST(Lines, are_values_one_behind_another) {
  const std::vector<Point> points{{1, 2}, {3, 4}};
  const auto text = json::encode_lines(points);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "{\"x\":1,\"y\":2}\n{\"x\":3,\"y\":4}\n");
  EXPECT_TRUE(equal(*json::decode_lines<Point>(*text), points));
  const auto packed = msgpack::encode_lines(points);
  ASSERT_TRUE(packed);
  EXPECT_EQ(packed->size(), 2 * msgpack::encode(points[0]).size());
  EXPECT_TRUE(equal(*msgpack::decode_lines<Point>(packed->bytes()), points));
  EXPECT_EQ(json::encode_lines(std::vector<Point>{}), "");
  EXPECT_TRUE(json::decode_lines<Point>("")->empty());
  EXPECT_TRUE(json::decode_lines<Point>(" \n\r\n\t")->empty());
  EXPECT_TRUE(msgpack::decode_lines<Point>(std::span<const std::byte>())->empty());
}

TEST(Lines, have_a_raw_on_one_line) {
  const std::vector<Raw> raws{*json::decode<Raw>("{\"a\":\r\n[1,\n\"\\n\"]}"), *json::decode<Raw>("2")};
  EXPECT_EQ(*json::encode_lines(raws), "{\"a\":  [1, \"\\n\"]}\n2\n");
}

TEST(Lines, may_be_empty_split_or_without_an_end) {
  EXPECT_EQ(json::decode_lines<int>("1\n\n 2 3\r\n4"), (std::vector{1, 2, 3, 4}));
  EXPECT_EQ(json::decode_lines<Point>("{\"x\":\n1}\n{\"x\":2}")->size(), 2u);
  const auto refused = json::decode_lines<Point>("{\"x\":1}\n{\"x\":10}\n");
  EXPECT_EQ(refused.error().message(), "Expected `int` <= 9 - at `$[1].x`");
  EXPECT_EQ(refused.error().offset(), 13u);
  EXPECT_FALSE(json::decode_lines<Point>("{\"x\":1}\n{"));
  std::vector<int> seen;
  EXPECT_FALSE(json::for_each_line<int>("1\n2\nx\n3", [&](int value) { seen.push_back(value); }));
  EXPECT_EQ(seen, (std::vector{1, 2}));
  EXPECT_FALSE(json::encode_lines(std::vector<std::string>{"a", "\xff"}));
}

struct Form {
  int a = 0;
  std::vector<Annotated<int, le(9)>> list;
  std::map<std::string, Point> map;
  std::string name;
  using wire = Rules<forbid_unknown_fields>;
};

template <class Checked>
std::vector<std::string> messages_of(const Checked& checked) {
  std::vector<std::string> messages;
  if (!checked) {
    for (const Error& error : checked.error()) messages.push_back(error.message());
  }
  return messages;
}

TEST(DecodeChecked, finds_every_error_in_one_input) {
  const char* const input = R"({"a":"x","list":[1,10,"y",11],"map":{"k":{"x":10},"l":[]},"more":1})";
  const std::vector<std::string> expected{
      "Expected `int`, got `str` - at `$.a`",
      "Expected `int` <= 9 - at `$.list[1]`",
      "Expected `int`, got `str` - at `$.list[2]`",
      "Expected `int` <= 9 - at `$.list[3]`",
      "Expected `int` <= 9 - at `$.map[...].x`",
      "Expected `object`, got `array` - at `$.map[...]`",
      "Object contains unknown field `more`",
      "Object missing required field `name`",
  };
  EXPECT_EQ(messages_of(json::decode_checked<Form>(input)), expected);
  EXPECT_EQ(messages_of(msgpack::decode_checked<Form>(msgpack::encode(value_of(input)).bytes())), expected);
  DecodeOptions few;
  few.limits.errors = 3;
  EXPECT_EQ(json::decode_checked<Form>(input, few).error().size(), 3u);
  EXPECT_TRUE(json::decode_checked<Form>(R"({"a":1,"list":[],"map":{},"name":""})"));
}

TEST(DecodeChecked, stops_at_broken_syntax) {
  const auto checked = json::decode_checked<Form>(R"({"a":"x","list":[10,})");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().front().message(), "Expected `int`, got `str` - at `$.a`");
  EXPECT_TRUE(is_syntax(checked.error().back().code()));
  EXPECT_EQ(checked.error().size(), 3u);
}

TEST(KeysInPaths, are_shown_where_that_is_asked_for) {
  using Map = std::map<std::string, std::map<int, Point>>;
  const char* const input = R"({"a \"b\"":{"3":{"x":10}}})";
  EXPECT_EQ(json::decode<Map>(input).error().path(), "$[...][...].x");
  EXPECT_EQ(json::decode<Map>(input, {.keys_in_paths = true}).error().path(), R"($["a \"b\""][3].x)");
}

struct Borrows {
  std::string_view plain;
  TextView text;
};
struct BorrowsBytes {
  BytesView bytes;
  std::string_view text;
};
struct BorrowsRaw {
  RawView raw;
  int after = 0;
};

template <class View>
bool stands_in(const View& part, std::string_view input) {
  const auto* begin = reinterpret_cast<const char*>(part.data());
  return begin >= input.data() && begin + part.size() <= input.data() + input.size();
}

TEST(Borrowing, text_stands_in_the_input_where_it_can) {
  const std::string input = R"({"plain":"a","text":"b"})";
  const auto borrowed = json::decode<Borrows>(std::string_view(input));
  ASSERT_TRUE(borrowed) << borrowed.error().message();
  EXPECT_TRUE(stands_in(borrowed->plain, input));
  EXPECT_TRUE(borrowed->text.is_borrowed());
  EXPECT_TRUE(stands_in(borrowed->text.view(), input));
  const std::string escaped = R"({"plain":"a","text":"b\n"})";
  const auto owned = json::decode<Borrows>(std::string_view(escaped));
  ASSERT_TRUE(owned);
  EXPECT_FALSE(owned->text.is_borrowed());
  EXPECT_EQ(owned->text.view(), "b\n");
  const auto refused = json::decode<Borrows>(R"({"plain":"a\n","text":""})");
  EXPECT_EQ(refused.error().code(), ErrorCode::unsupported);
  EXPECT_EQ(refused.error().path(), "$.plain");
}

TEST(Borrowing, bytes_and_raw_stand_in_the_input) {
  const Bytes bytes{std::byte{1}, std::byte{2}};
  const Buffer packed = msgpack::encode(BorrowsBytes{bytes, "t"});
  const auto borrowed = msgpack::decode<BorrowsBytes>(packed.bytes());
  ASSERT_TRUE(borrowed);
  EXPECT_TRUE(std::ranges::equal(borrowed->bytes, bytes));
  EXPECT_TRUE(stands_in(borrowed->bytes, packed.text()));
  EXPECT_TRUE(stands_in(borrowed->text, packed.text()));
  const std::string input = R"({"raw": [1, {"a":2}] ,"after":3})";
  const auto raw = json::decode<BorrowsRaw>(std::string_view(input));
  ASSERT_TRUE(raw);
  EXPECT_EQ(text_of_bytes(raw->raw.bytes), R"([1, {"a":2}])");
  EXPECT_TRUE(stands_in(raw->raw.bytes, input));
  EXPECT_EQ(json::encode(*raw), R"({"raw":[1, {"a":2}],"after":3})");
  EXPECT_EQ(msgpack::encode(*raw), msgpack::encode(value_of(input)));
}

struct Keeper {
  int x = 0;
  std::map<std::string, Value> rest;
  using wire = Rules<member<&Keeper::rest, keep_unknown_fields>>;
};

TEST(Decoders, forbid_also_what_a_struct_would_keep) {
  const std::string_view text = R"({"x":1,"y":2})";
  json::Decoder<> keeping;
  EXPECT_EQ(keeping.decode<Keeper>(text)->rest.size(), 1u);
  json::Decoder<forbid_unknown_fields> forbidding;
  EXPECT_EQ(forbidding.decode<Keeper>(text).error().message(), "Object contains unknown field `y`");
  json::Encoder<forbid_unknown_fields> encoder;
  EXPECT_EQ(text_of_bytes(*encoder.encode(Keeper{1, {{"y", 2}}})), text) << "writing knows no unknown fields";
}

struct Named {
  TextView name;
  std::map<TextView, int> numbers;
  std::optional<TextView> nothing;
};

// A Value is no input that stays, so the text is copied.
TEST(Texts, that_may_borrow_own_a_copy_when_they_are_converted) {
  Value value = value_of(R"({"name":"a","numbers":{"b":1},"nothing":null})");
  const auto named = convert<Named>(value);
  ASSERT_TRUE(named) << named.error().message();
  value = Value();
  EXPECT_EQ(named->name, "a");
  EXPECT_FALSE(named->name.is_borrowed());
  EXPECT_EQ(named->numbers.begin()->first, "b");
  const auto read = json::decode<Named>(R"({"name":"a","numbers":{"b":1},"nothing":"\n"})");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_TRUE(read->numbers.begin()->first.is_borrowed());
  EXPECT_EQ(*read->nothing, "\n");
}

template <class T>
ErrorCode code_of(std::string_view text, const DecodeOptions& options) {
  const auto decoded = json::decode<T>(text, options);
  return decoded ? ErrorCode{} : decoded.error().code();
}

// Whatever a number is read into.
TEST(Limits, of_digits_hold_for_numbers_of_every_type) {
  DecodeOptions options;
  options.limits.number_digits = 30;
  const std::string fits = "0." + std::string(28, '3');
  const std::string long_one = "0." + std::string(29, '3');
  const ErrorCode fine{};
  EXPECT_EQ(code_of<double>(fits, options), fine);
  EXPECT_EQ(code_of<double>(long_one, options), ErrorCode::size_limit);
  EXPECT_EQ(code_of<float>(long_one, options), ErrorCode::size_limit);
  EXPECT_EQ(code_of<Decimal>(fits, options), fine);
  EXPECT_EQ(code_of<Decimal>(long_one, options), ErrorCode::size_limit);
  EXPECT_EQ(code_of<Decimal>('"' + fits + '"', options), fine);
  EXPECT_EQ(code_of<Decimal>('"' + long_one + '"', options), ErrorCode::size_limit);
  EXPECT_EQ(code_of<Value>(fits, options), fine);
  EXPECT_EQ(code_of<Value>(long_one, options), ErrorCode::size_limit);
  EXPECT_EQ(code_of<Raw>('[' + fits + ']', options), fine);
  EXPECT_EQ(code_of<Raw>('[' + long_one + ']', options), ErrorCode::size_limit);
  EXPECT_EQ((code_of<std::map<double, int>>("{\"" + long_one + "\":1}", options)), ErrorCode::size_limit);
  EXPECT_EQ((code_of<std::map<double, int>>("{\"" + fits + "\":1}", options)), fine);
  EXPECT_EQ(msgpack::decode<Decimal>(msgpack::encode(long_one), options).error().code(), ErrorCode::size_limit);
  EXPECT_EQ(convert<Decimal>(Value(long_one), options).error().code(), ErrorCode::size_limit);
  EXPECT_EQ(code_of<std::int64_t>(std::string(31, '1'), options), ErrorCode::number_out_of_range);
  options.lax = true;
  EXPECT_EQ(code_of<double>('"' + fits + '"', options), fine);
  EXPECT_EQ(code_of<double>('"' + long_one + '"', options), ErrorCode::size_limit);
}

}  // namespace
}  // namespace structwire::testing
