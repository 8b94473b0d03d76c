// SPDX-License-Identifier: Apache-2.0

// What is peculiar to JSON; everything that formats have in common is in tests/conformance.

#include <structwire/json.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <tuple>
#include <vector>

#include <tests/support/random.hpp>

namespace structwire::json {
namespace {

struct Pair {
  std::int64_t a;
  std::string b;
  friend bool operator==(const Pair&, const Pair&) = default;
};

template <class T>
std::string error_of(std::string_view text) {
  const auto decoded = decode<T>(text);
  return decoded ? "decoded" : decoded.error().message();
}

template <class T>
T value_of(std::string_view text) {
  auto decoded = decode<T>(text);
  EXPECT_TRUE(decoded) << (decoded ? "" : decoded.error().message());
  return decoded ? *decoded : T();
}

TEST(Json, takes_white_space_everywhere_and_nothing_else) {
  EXPECT_EQ(value_of<Pair>(" \t\r\n{ \"a\" : 1 ,\n\"b\"\t:\r\"x\" } "), (Pair{1, "x"}));
  EXPECT_EQ(error_of<Pair>("\v{}"), "JSON is malformed: invalid character (byte 0)");
  EXPECT_EQ(error_of<Pair>("\xEF\xBB\xBF{}"), "JSON is malformed: invalid character (byte 0)")
      << "no BOM";
}

TEST(Json, reads_members_in_any_order_and_passes_over_unknown_ones) {
  EXPECT_EQ(value_of<Pair>(R"({"b":"x","z":[1,{"q":"\u00e9"},null,true,-1.5e3],"a":1})"),
            (Pair{1, "x"}));
  EXPECT_EQ(value_of<Pair>(R"({"a":1,"a":2,"b":"x"})"), (Pair{2, "x"}))
      << "the last of two equal keys counts";
  EXPECT_EQ(value_of<Pair>(R"({"\u0061":1,"b":"x"})"), (Pair{1, "x"}))
      << "an escaped key is the same key";
}

TEST(Json, says_what_is_malformed_and_where) {
  EXPECT_EQ(error_of<Pair>(""), "Input data was truncated");
  EXPECT_EQ(error_of<Pair>("{"), "Input data was truncated");
  EXPECT_EQ(error_of<Pair>(R"({"a":1)"), "Input data was truncated");
  EXPECT_EQ(error_of<Pair>(R"({"a":1,})"), "JSON is malformed: trailing comma in object (byte 7)");
  EXPECT_EQ(error_of<Pair>(R"({"a" 1})"), "JSON is malformed: expected ':' (byte 5)");
  EXPECT_EQ(error_of<Pair>(R"({"a":1 "b":2})"), "JSON is malformed: expected ',' or '}' (byte 7)");
  EXPECT_EQ(error_of<Pair>("{a:1}"), "JSON is malformed: object keys must be strings (byte 1)");
  EXPECT_EQ(error_of<std::vector<int>>("[1,]"),
            "JSON is malformed: trailing comma in array (byte 3)");
  EXPECT_EQ(error_of<std::vector<int>>("[1 2]"), "JSON is malformed: expected ',' or ']' (byte 3)");
  EXPECT_EQ(error_of<int>("01"), "JSON is malformed: invalid number (byte 1)");
  EXPECT_EQ(error_of<int>("1 1"), "JSON is malformed: trailing characters (byte 3)");
  EXPECT_EQ(error_of<std::string>("\"a\x01\""), "JSON is malformed: invalid character (byte 2)");
  EXPECT_EQ(error_of<std::string>(R"("\ud800x......")"),
            "JSON is malformed: unexpected end of escaped utf-16 surrogate pair (byte 7)");
}

TEST(Json, refuses_values_of_the_wrong_kind) {
  EXPECT_EQ(error_of<Pair>(R"({"a":"1","b":"x"})"), "Expected `int`, got `str` - at `$.a`");
  EXPECT_EQ(error_of<int>("1.0"), "Expected `int`, got `float`");
  EXPECT_EQ(error_of<int>("null"), "Expected `int`, got `null`");
  EXPECT_EQ(error_of<std::optional<int>>("true"), "Expected `int | null`, got `bool`");
  EXPECT_EQ(error_of<std::vector<int>>("{}"), "Expected `array`, got `object`");
  EXPECT_EQ(error_of<Pair>(R"({"a":1})"), "Object missing required field `b`");
}

TEST(Json, keeps_integers_within_their_width) {
  EXPECT_EQ(value_of<std::int8_t>("-128"), -128);
  EXPECT_EQ(error_of<std::int8_t>("128"), "Expected `int` <= 127");
  EXPECT_EQ(error_of<std::int8_t>("-129"), "Expected `int` >= -128");
  EXPECT_EQ(error_of<std::uint16_t>("-1"), "Expected `int` >= 0");
  EXPECT_EQ(value_of<std::uint64_t>("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(value_of<std::int64_t>("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(error_of<std::uint64_t>("18446744073709551616"), "Integer value out of range");
  EXPECT_EQ(value_of<int>("-0"), 0);
}

TEST(Json, reads_and_writes_escapes) {
  const std::string all = "\"\\/\b\f\n\r\t\x01\x1f\x7f \xC3\xA9 \xF0\x9F\x98\x80";
  EXPECT_EQ(encode(all),
            "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f \xC3\xA9 \xF0\x9F\x98\x80\"");
  EXPECT_EQ(value_of<std::string>(encode(all)), all);
  EXPECT_EQ(value_of<std::string>(R"("\u00e9\ud83d\ude00\/")"), "\xC3\xA9\xF0\x9F\x98\x80/");
}

TEST(Json, writes_long_text_within_its_bound_whatever_it_holds) {
  for (const char c : {'x', '\n', '\x01', '\xFF'}) {
    for (const std::size_t size : {63u, 64u, 65u, 1000u}) {
      const std::string text(size, c);
      const std::string encoded = encode(text);
      if (c == '\xFF') {
        EXPECT_EQ(encoded.size(), 3 * size + 2) << "each bad byte becomes U+FFFD";
      } else {
        EXPECT_EQ(value_of<std::string>(encoded), text);
      }
    }
  }
}

TEST(Json, reports_text_that_is_not_utf8_where_it_is_asked_to) {
  Buffer out("kept");
  const auto written = append_to(std::vector<std::string>{"fine", "\xFF"}, out);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code(), ErrorCode::invalid_utf8);
  EXPECT_EQ(out.text(), "kept");
  EXPECT_EQ(error_of<std::string>("\"\xFF\""),
            "JSON is malformed: invalid UTF-8 in string (byte 1)");
}

TEST(Json, writes_what_has_no_form_as_the_nearest_that_has) {
  EXPECT_EQ(encode(std::vector<double>{std::nan(""), INFINITY, -INFINITY}), "[null,null,null]");
  EXPECT_EQ(encode(Bytes{std::byte{0xFF}, std::byte{0}}), "\"/wA=\"");
  EXPECT_EQ(encode(Value(Ext{-5, {std::byte{1}}})), R"({"$ext":-5,"data":"AQ=="})");
  EXPECT_EQ(encode(std::map<int, bool>{{-1, true}, {2, false}}), R"({"-1":true,"2":false})");
  const Value keys(
      Value::Map{{Value(1.5), 1}, {nullptr, 2}, {true, 3}, {Value(Value::Array{1, "a"}), 4}});
  EXPECT_EQ(encode(keys), R"({"1.5":1,"null":2,"true":3,"[1,\"a\"]":4})");
}

TEST(Json, reads_keys_that_are_numbers) {
  EXPECT_EQ((value_of<std::map<int, int>>(R"({"-1":1,"2":2})")),
            (std::map<int, int>{{-1, 1}, {2, 2}}));
  EXPECT_EQ((error_of<std::map<int, int>>(R"({"1.0":1})")),
            "Expected `int`, got `str` - at `key` in `$`");
  EXPECT_EQ((error_of<std::map<std::uint8_t, int>>(R"({"256":1})")),
            "Expected `int` <= 255 - at `key` in `$`");
}

TEST(Json, keys_with_escapes_cannot_be_borrowed) {
  using Borrowing = std::map<std::string_view, int>;
  EXPECT_EQ(decode<Borrowing>(R"({"a":1,"b":2})"), (Borrowing{{"a", 1}, {"b", 2}}));
  const auto refused = decode<Borrowing>(R"({"a":1,"\n":2})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::unsupported);
}

std::string random_rows(test::Random& random) {
  std::string text = "[";
  const std::uint64_t count = random.below(40);
  for (std::uint64_t row = 0; row < count; ++row) {
    text += row == 0 ? "[" : ",[";
    for (int i = 0; i < 2; ++i) {
      text += random.once_in(2) ? "-" : "";
      text += std::to_string(random.below(random.once_in(2) ? 10 : 1000)) + "." +
              std::to_string(random.bits() >> random.below(64));
      text += i == 0 ? "," : "]";
    }
  }
  text += "]";
  for (std::uint64_t faults = random.below(3); faults != 0; --faults) {
    text.insert(random.below(text.size() + 1), 1, "0-.e,[] \nx"[random.below(10)]);
  }
  return text + std::string(random.below(80), ' ');
}

// As numbers are written, and as they are not.
template <class I>
std::string random_integers(test::Random& random) {
  std::string text = "[";
  const std::uint64_t count = random.below(90);
  for (std::uint64_t i = 0; i < count; ++i) {
    text += i == 0 ? "" : random.once_in(40) ? ", " : ",";
    const auto low = static_cast<std::int64_t>(std::numeric_limits<I>::min());
    const auto high = static_cast<std::uint64_t>(std::numeric_limits<I>::max());
    switch (random.below(400)) {
      case 0: text += std::to_string(low); break;
      case 1: text += std::to_string(high); break;
      case 2: text += sizeof(I) == 8 ? std::to_string(low) + "0" : std::to_string(low - 1); break;
      case 3: text += sizeof(I) == 8 ? std::to_string(high) + "0" : std::to_string(high + 1); break;
      case 4: text += "-0"; break;
      case 5: text += "1" + std::string(random.below(20), '0'); break;
      case 6: text += "7.0"; break;
      case 7: text += "1e2"; break;
      case 8: text += "012"; break;
      default: text += std::to_string(static_cast<I>(random.bits() >> random.below(64))); break;
    }
  }
  text += "]";
  if (random.once_in(4)) text.insert(random.below(text.size() + 1), 1, "0-.e,[] \nx"[random.below(10)]);
  return text + std::string(random.below(30), ' ');
}

// A vector's integers are read many at once; a deque's are not.
template <class I>
void reads_alike(test::Random& random) {
  for (int i = 0; i < 3'000; ++i) {
    const std::string text = random_integers<I>(random);
    DecodeOptions options;
    if (random.once_in(4)) options.limits.container_items = random.below(90);
    if (random.once_in(8)) options.limits.number_digits = random.below(24);
    std::vector<I> at_once(random.below(60));
    std::deque<I> each;
    const auto decoded = decode_into(text, at_once, options);
    const auto expected = decode_into(text, each, options);
    ASSERT_EQ(decoded.has_value(), expected.has_value()) << text;
    if (!decoded) {
      ASSERT_EQ(decoded.error().message(), expected.error().message()) << text;
    } else {
      ASSERT_TRUE(std::ranges::equal(at_once, each)) << text;
    }
  }
}

TEST(Json, reads_integers_of_an_array_as_it_reads_one) {
  test::Random random(test::random_seed());
  const auto all = [&random]<class... I>(std::tuple<I...>) { (reads_alike<I>(random), ...); };
  all(std::tuple<signed char, short, int, long, long long>());
  all(std::tuple<unsigned char, unsigned short, unsigned, unsigned long, unsigned long long>());
}

// Rows of doubles are read many at once; tuples are not.
TEST(Json, reads_rows_of_numbers_as_it_reads_one_row) {
  using Rows = std::vector<std::array<double, 2>>;
  using Tuples = std::vector<std::tuple<double, double>>;
  test::Random random(test::random_seed());
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = random_rows(random);
    DecodeOptions options;
    if (random.once_in(4)) options.limits.container_items = random.below(6);
    if (random.once_in(8)) options.limits.depth = static_cast<unsigned>(random.below(3));
    if (random.once_in(8)) options.limits.number_digits = random.below(24);
    if (random.once_in(8)) options.limits.decoded_bytes = random.below(600);
    Rows rows(random.below(60));
    Tuples tuples(rows.size());
    const auto decoded = decode_into(text, rows, options);
    const auto expected = decode_into(text, tuples, options);
    if (options.limits.decoded_bytes < 600) continue;  // They grow in other steps.
    ASSERT_EQ(decoded.has_value(), expected.has_value()) << text;
    if (!decoded) {
      ASSERT_EQ(decoded.error().message(), expected.error().message()) << text;
      continue;
    }
    ASSERT_EQ(rows.size(), tuples.size()) << text;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      ASSERT_EQ(std::make_tuple(rows[k][0], rows[k][1]), tuples[k]) << text;
    }
  }
}

}  // namespace
}  // namespace structwire::json
