// SPDX-License-Identifier: Apache-2.0

// Corners in which random rows of the differential test once differed from msgspec. Each answer is what msgspec
// 0.22.0 says, or says of the type that is nearest in Python.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/core/annotated.hpp>
#include <structwire/core/convert.hpp>
#include <structwire/core/decimal.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire {
namespace {

struct First {
  std::int64_t a = 0;
  using wire = Rules<tag<1>>;
};
struct Second {
  std::int64_t b = 0;
  using wire = Rules<tag<2>>;
};
using Numbered = std::variant<First, Second>;

struct Get {
  std::string key;
  using wire = Rules<tag<"Get">>;
};
struct Put {
  std::string key;
  using wire = Rules<tag<"Put">>;
};

using Digit = Annotated<std::int64_t, between(1, 9)>;
using SmallDigit = Annotated<std::uint8_t, between(1, 9)>;
using Two = Annotated<std::vector<std::int64_t>, min_length(2)>;
using TwoDistinct = Annotated<std::set<std::int64_t>, min_length(2)>;

struct Pieces {
  Bytes plain;
  Bytes hexed;
  Bytes url;
  using wire = Rules<all_defaulted, member<&Pieces::hexed, hex>, member<&Pieces::url, base64url>>;
};

template <class Decoded>
std::string said(const Decoded& decoded) {
  return decoded ? "accepted" : decoded.error().message();
}
template <class T>
std::string said_of_json(std::string_view text, bool lax = false) {
  DecodeOptions options;
  options.lax = lax;
  return said(json::decode<T>(text, options));
}
template <class T>
std::string said_of_value(const Value& value, DecodeOptions options = {}) {
  return said(convert<T>(value, options));
}
Bytes bytes(std::initializer_list<int> values) {
  Bytes made;
  for (const int value : values) made.push_back(static_cast<std::byte>(value));
  return made;
}

TEST(MsgspecCorners, convert_takes_base64_text_for_bytes) {
  EXPECT_EQ(convert<Bytes>(Value("aGk=")), bytes({'h', 'i'}));
  EXPECT_EQ(convert<Bytes>(Value(bytes({1, 2}))), bytes({1, 2}));
  EXPECT_EQ(said_of_value<Bytes>(Value("aGk")), "Invalid base64 encoded string");
  EXPECT_EQ(said_of_value<Bytes>(Value(7)), "Expected `bytes`, got `int`");
  EXPECT_EQ((said_of_value<std::map<Bytes, int>>(Value(Value::Map{{Value("aGk="), Value(1)}}))), "accepted");
}

TEST(MsgspecCorners, text_chooses_the_bytes_of_a_variant_in_convert) {
  using Either = std::variant<std::int64_t, Bytes>;
  const auto converted = convert<Either>(Value("aGk="));
  ASSERT_TRUE(converted) << converted.error().message();
  EXPECT_EQ(*converted, Either(bytes({'h', 'i'})));
}

TEST(MsgspecCorners, the_text_that_convert_takes_for_bytes_is_spelled_as_the_rule_says) {
  const auto converted = convert<Pieces>(Value(Value::Map{{Value("hexed"), Value("00ff")}, {Value("url"), Value("_-8")}}));
  ASSERT_TRUE(converted) << converted.error().message();
  EXPECT_EQ(converted->hexed, bytes({0, 255}));
  EXPECT_EQ(converted->url, bytes({255, 239}));
  EXPECT_EQ(said_of_value<Pieces>(Value(Value::Map{{Value("hexed"), Value("0g")}})),
            "Invalid hex encoded string - at `$.hexed`");
  EXPECT_EQ(said_of_value<Pieces>(Value(Value::Map{{Value("hexed"), Value(bytes({5}))}})), "accepted");
  EXPECT_EQ(said_of_value<Pieces>(Value(Value::Map{{Value("hexed"), Value(5)}})),
            "Expected `bytes`, got `int` - at `$.hexed`");
}

TEST(MsgspecCorners, no_text_spells_an_integer_tag) {
  EXPECT_EQ(said_of_json<Numbered>(R"({"type":"2","b":1})", true), "Expected `int`, got `str` - at `$.type`");
  EXPECT_EQ(said_of_json<First>(R"({"type":"1","a":1})", true), "Expected `int`, got `str` - at `$.type`");
  EXPECT_EQ(said_of_json<Numbered>(R"({"type":2,"b":"1"})", true), "accepted");
}

TEST(MsgspecCorners, a_tag_of_another_kind_is_passed_over_before_it_is_refused) {
  using Either = std::variant<Get, Put>;
  EXPECT_EQ(said_of_json<Either>(R"({"type":nPut"})"), "JSON is malformed: invalid character (byte 9)");
  EXPECT_EQ(said_of_json<Get>(R"({"type":nPut"})"), "JSON is malformed: invalid character (byte 9)");
  EXPECT_EQ(said_of_json<Get>(R"({"type":[1,tru]})"), "JSON is malformed: invalid character (byte 12)");
  EXPECT_EQ(said_of_json<Get>(R"({"type":[1]})"), "Expected `str`, got `array` - at `$.type`");
  EXPECT_EQ(said_of_json<Numbered>(R"({"type":-)"), "JSON is malformed: invalid character (byte 9)");
  EXPECT_EQ(said_of_json<Numbered>(R"({"type":18446744073709551615})"),
            "Invalid value 18446744073709551615 - at `$.type`");
}

TEST(MsgspecCorners, an_integer_of_any_length_breaks_the_bound_on_its_side) {
  const std::string_view wide = "99999999999999999999999";
  const std::string text = '"' + std::string(wide) + '"';
  EXPECT_EQ(said_of_json<Digit>(wide), "Expected `int` <= 9");
  EXPECT_EQ(said_of_json<Digit>('-' + std::string(wide)), "Expected `int` >= 1");
  EXPECT_EQ(said_of_json<Digit>(text, true), "Expected `int` <= 9");
  EXPECT_EQ(said_of_json<Digit>(R"("-99999999999999999999999")", true), "Expected `int` >= 1");
  EXPECT_EQ(said_of_json<SmallDigit>("300"), "Expected `int` <= 9");
  EXPECT_EQ(said_of_json<SmallDigit>("-3"), "Expected `int` >= 1");
  EXPECT_EQ(said(msgpack::decode<SmallDigit>(bytes({0xD0, 0xFD}))), "Expected `int` >= 1");
  const Bytes largest = bytes({0xCF, 255, 255, 255, 255, 255, 255, 255, 255});
  EXPECT_EQ(said(msgpack::decode<Digit>(largest)), "Expected `int` <= 9");
  EXPECT_EQ(said_of_value<SmallDigit>(Value(-3)), "Expected `int` >= 1");
}

TEST(MsgspecCorners, an_integer_beyond_its_type_and_within_its_bound_names_the_type) {
  using Above = Annotated<std::uint8_t, ge(1)>;
  using WideAbove = Annotated<std::int64_t, ge(1)>;
  EXPECT_EQ(said_of_json<Above>("300"), "Expected `int` <= 255");
  EXPECT_EQ(said_of_json<WideAbove>("99999999999999999999999"), "Integer value out of range");
  using Whole = Annotated<std::int64_t, ge(INT64_MIN), le(INT64_MAX)>;
  EXPECT_EQ(said_of_json<Whole>("-99999999999999999999999"), "Expected `int` >= -9223372036854775808");
  EXPECT_EQ(said_of_json<Whole>(R"("9223372036854775808")", true), "Expected `int` <= 9223372036854775807");
  // Beyond double is no integer, and has its own sentence.
  EXPECT_EQ(said_of_json<Digit>(R"("1e400")", true), "Number out of range");
}

TEST(MsgspecCorners, a_length_that_is_told_in_front_is_refused_in_place_of_an_item) {
  EXPECT_EQ(said(msgpack::decode<Two>(bytes({0x91, 0xA1, 'a'}))), "Expected `array` of length >= 2");
  EXPECT_EQ(said(msgpack::decode<TwoDistinct>(bytes({0x91, 0xA1, 'a'}))), "Expected `array` of length >= 2");
  EXPECT_EQ(said(msgpack::decode<Two>(bytes({0x92, 0xA1, 'a', 0x01}))), "Expected `int`, got `str` - at `$[0]`");
  EXPECT_EQ(said_of_value<Two>(Value(Value::Array{Value("a")})), "Expected `array` of length >= 2");
  EXPECT_EQ(said_of_json<Two>(R"(["a"])"), "Expected `int`, got `str` - at `$[0]`");
}

TEST(MsgspecCorners, a_key_beyond_double_is_told_as_a_number) {
  using Map = std::map<std::int64_t, int>;
  EXPECT_EQ(said_of_json<Map>(R"({"-922337203685E4775807":1})"), "Number out of range - at `key` in `$`");
  EXPECT_EQ(said_of_json<Map>(R"({"1.5":1})"), "Expected `int`, got `str` - at `key` in `$`");
}

TEST(MsgspecCorners, convert_reads_the_text_of_a_decimal_key_by_its_grammar) {
  DecodeOptions options;
  options.text_keys = true;
  using Map = std::map<Decimal, int>;
  EXPECT_EQ(said_of_value<Map>(Value(Value::Map{{Value(""), Value(1)}}), options),
            "Invalid decimal string - at `key` in `$`");
  EXPECT_EQ(said_of_value<Map>(Value(Value::Map{{Value("1.5"), Value(1)}}), options), "accepted");
  EXPECT_EQ(said_of_json<Map>(R"({"":1})"), "Expected `decimal`, got `str` - at `key` in `$`");
}

TEST(MsgspecCorners, minus_zero_as_text_is_false) {
  DecodeOptions options;
  options.lax = true;
  EXPECT_EQ(json::decode<bool>(R"("-0")", options), false);
  EXPECT_EQ(said_of_json<bool>(R"("-1")", true), "Expected `bool`, got `str`");
}

TEST(MsgspecCorners, a_sign_inside_a_number_ends_it) {
  using Either = std::variant<std::int64_t, std::string>;
  EXPECT_EQ(said_of_json<Either>("-9223-3720368.5"), "JSON is malformed: trailing characters (byte 6)");
}

}  // namespace
}  // namespace structwire
