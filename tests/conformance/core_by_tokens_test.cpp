// SPDX-License-Identifier: Apache-2.0
//
// Core alone, without a codec: which calls it makes for a value, and what it makes of any sequence
// of them.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <tests/support/same.hpp>
#include <tests/support/sample_structs.hpp>
#include <tests/support/tokens/reader.hpp>
#include <tests/support/tokens/writer.hpp>

namespace structwire::testing {
namespace {

using namespace tokens;

struct Point {
  std::int32_t x = 0;
  std::int32_t y = 0;
};

struct Line {
  std::string label;
  Point from;
  std::optional<Point> to;
};

struct Ruled {
  std::int32_t rank = 5;
  std::optional<std::string> note;
  std::vector<std::int32_t> tags;
  using wire =
      Rules<member<&Ruled::rank, defaulted, between(0, 9), name<"r">>,
            member<&Ruled::note, omit_empty>,
            member<&Ruled::tags, defaulted, omit_empty, max_length(2)>, forbid_unknown_fields>;
};

/// Both ways: the value is these tokens, and these tokens are the value.
template <class T>
void expect_tokens(const T& value, const Tokens& expected) {
  EXPECT_EQ(encode(value), expected);
  T back{};
  const auto decoded = decode_into(expected, back);
  ASSERT_TRUE(decoded) << decoded.error().message();
  EXPECT_TRUE(same(value, back));
}

template <class T>
T decoded(const Tokens& tokens, T target = {}) {
  const auto result = decode_into(tokens, target);
  EXPECT_TRUE(result) << result.error().message();
  return target;
}

/// The message and the position of the token that it is about.
template <class T>
std::string refusal(const Tokens& tokens) {
  T target{};
  const auto result = decode_into(tokens, target);
  if (result) return "accepted";
  return result.error().message() + " @" + std::to_string(result.error().offset().value_or(999));
}

TEST(CoreByTokens, scalars_are_one_token) {
  expect_tokens(true, {boolean(true)});
  expect_tokens(std::int8_t{-5}, {integer(-5)});
  expect_tokens(~std::uint64_t{0}, {integer(~std::uint64_t{0})});
  expect_tokens(0.5f, {floating(0.5)});
  expect_tokens(-2.5, {floating(-2.5)});
  expect_tokens(std::string("a"), {text("a")});
  expect_tokens(Bytes{std::byte{1}}, {bytes({std::byte{1}})});
  expect_tokens(Color::green, {text("green")});
  expect_tokens(Level::high, {integer(100)});
}

TEST(CoreByTokens, optionals_are_none_or_some_and_the_value) {
  expect_tokens(std::optional<int>(), {none()});
  expect_tokens(std::optional<int>(3), {some(), integer(3)});
  expect_tokens(std::make_unique<Point>(Point{1, 2}),
                {some(), structure(2), field("x"), integer(1), field("y"), integer(2), end()});
}

TEST(CoreByTokens, containers_tell_their_count_first) {
  expect_tokens(std::vector<int>{1, 2}, {array(2), integer(1), integer(2), end()});
  expect_tokens(std::vector<bool>{true}, {array(1), boolean(true), end()});
  expect_tokens(std::array<std::string, 2>{"a", ""}, {array(2), text("a"), text(""), end()});
  expect_tokens(std::map<std::int32_t, std::string>{{-1, "m"}, {1, "p"}},
                {map(2), integer(-1), text("m"), integer(1), text("p"), end()});
  expect_tokens(std::vector<std::vector<int>>{{}, {1}},
                {array(2), array(0), end(), array(1), integer(1), end(), end()});
}

TEST(CoreByTokens, members_come_in_order_with_their_names) {
  expect_tokens(Line{"l", {1, 2}, Point{3, 4}},
                {structure(3), field("label"), text("l"), field("from"), structure(2), field("x"),
                 integer(1), field("y"), integer(2), end(), field("to"), some(), structure(2),
                 field("x"), integer(3), field("y"), integer(4), end(), end()});
  expect_tokens(Account("Ada", 7),
                {structure(2), field("owner_"), text("Ada"), field("cents_"), integer(7), end()});
  expect_tokens(Empty{}, {structure(0), end()});
}

TEST(CoreByTokens, rules_name_omit_and_fill_in) {
  expect_tokens(Ruled{1, "n", {2}}, {structure(3), field("r"), integer(1), field("note"), some(),
                                     text("n"), field("tags"), array(1), integer(2), end(), end()});
  expect_tokens(Ruled{}, {structure(1), field("r"), integer(5), end()});
  EXPECT_TRUE(same(decoded(Tokens{structure(0), end()}, Ruled{1, "used", {1, 2}}), Ruled{}));
}

TEST(CoreByTokens, members_are_found_in_any_order_and_the_last_of_a_pair_counts) {
  EXPECT_TRUE(
      same(decoded<Point>({structure(2), field("y"), integer(2), field("x"), integer(1), end()}),
           Point{1, 2}));
  EXPECT_TRUE(same(decoded<Point>({structure(3), field("x"), integer(1), field("y"), integer(2),
                                   field("x"), integer(3), end()}),
                   Point{3, 2}));
}

TEST(CoreByTokens, unknown_members_are_passed_over_whole) {
  EXPECT_TRUE(same(decoded<Point>({structure(4), field("deep"), map(1), text("k"), array(2), some(),
                                   integer(1), null(), end(), end(), field("x"), integer(1),
                                   field("z"), null(), field("y"), integer(2), end()}),
                   Point{1, 2}));
}

TEST(CoreByTokens, wrong_counts_do_not_matter) {
  EXPECT_EQ(decoded<std::vector<int>>({array(1000000), integer(1), end()}), std::vector<int>{1});
  EXPECT_EQ(decoded<std::vector<int>>({array(0), integer(1), end()}), std::vector<int>{1});
}

TEST(CoreByTokens, a_reused_container_keeps_no_old_items) {
  EXPECT_EQ(decoded({array(1), integer(1), end()}, std::vector<int>{7, 8, 9}), std::vector<int>{1});
  EXPECT_EQ(decoded({map(1), text("a"), integer(1), end()}, std::map<std::string, int>{{"b", 2}}),
            (std::map<std::string, int>{{"a", 1}}));
  EXPECT_EQ(decoded({none()}, std::optional<int>(1)), std::nullopt);
}

TEST(CoreByTokens, a_key_given_twice_counts_the_last_time) {
  EXPECT_EQ((decoded<std::map<std::string, int>>(
                {map(2), text("a"), integer(1), text("a"), integer(2), end()})),
            (std::map<std::string, int>{{"a", 2}}));
}

TEST(CoreByTokens, untyped_values_take_what_is_there) {
  EXPECT_EQ(decoded<Value>(
                {array(2), integer(1), structure(1), field("k"), some(), text("v"), end(), end()}),
            Value(Value::Array{1, Value::Map{{"k", "v"}}}));
  EXPECT_EQ(encode(Value(Value::Map{{1, Value()}, {"t", 1.5}})),
            (Tokens{map(2), integer(1), null(), text("t"), floating(1.5), end()}));
}

TEST(CoreByTokens, refusals_tell_what_where_and_in_which_member) {
  EXPECT_EQ(refusal<std::int32_t>({text("1")}), "Expected `int`, got `str` @0");
  EXPECT_EQ(refusal<std::int8_t>({integer(128)}), "Expected `int` <= 127 @0");
  EXPECT_EQ(refusal<std::optional<bool>>({integer(1)}), "Expected `bool | null`, got `int` @0");
  EXPECT_EQ(refusal<Point>({structure(1), field("x"), integer(1), end()}),
            "Object missing required field `y` @0");
  EXPECT_EQ(refusal<Point>({structure(1), field("x"), boolean(true), end()}),
            "Expected `int`, got `bool` - at `$.x` @2");
  EXPECT_EQ(
      refusal<Line>({structure(1), field("to"), structure(1), field("y"), text(""), end(), end()}),
      "Expected `int`, got `str` - at `$.to.y` @4");
  EXPECT_EQ(refusal<std::vector<Point>>({array(1), structure(0), end(), end()}),
            "Object missing required field `x` - at `$[0]` @1");
  EXPECT_EQ((refusal<std::map<std::string, int>>({map(1), text("k"), null(), end()})),
            "Expected `int`, got `null` - at `$[...]` @2");
  EXPECT_EQ((refusal<std::map<std::string, int>>({map(1), integer(1), integer(1), end()})),
            "Expected `str`, got `int` - at `key` in `$` @1");
  EXPECT_EQ(refusal<Color>({text("pink")}), "Invalid enum value 'pink' @0");
  EXPECT_EQ(refusal<Level>({integer(1)}), "Invalid enum value 1 @0");
  EXPECT_EQ((refusal<std::array<int, 2>>({array(1), integer(1), end()})),
            "Expected `array` of length 2 @0");
  EXPECT_EQ((refusal<std::array<int, 1>>({array(2), integer(1), integer(1), end()})),
            "Expected `array` of length 1 @0");
}

TEST(CoreByTokens, rules_are_checked_where_the_member_stands) {
  EXPECT_EQ(refusal<Ruled>({structure(1), field("r"), integer(10), end()}),
            "Expected `int` <= 9 - at `$.r` @2");
  EXPECT_EQ(refusal<Ruled>({structure(1), field("tags"), array(3), integer(1), integer(1),
                            integer(1), end(), end()}),
            "Expected `array` of length <= 2 - at `$.tags` @2");
  EXPECT_EQ(refusal<Ruled>({structure(1), field("rank"), integer(1), end()}),
            "Object contains unknown field `rank` @1");
}

TEST(CoreByTokens, a_list_that_stops_or_goes_on_is_an_error) {
  EXPECT_EQ(refusal<Point>({structure(2), field("x"), integer(1)}), "Input data was truncated @3");
  EXPECT_EQ(refusal<Point>({structure(2), field("x")}), "Input data was truncated @2");
  EXPECT_EQ(refusal<int>({}), "Input data was truncated @0");
  EXPECT_EQ(refusal<int>({integer(1), integer(2)}), "Tokens after the value @1");
}

TEST(CoreByTokens, values_without_a_wire_form_are_refused_when_encoding) {
  EXPECT_EQ(encode(static_cast<Color>(3)).front(),
            text("error: An enum holds a value that its enum_values do not list"));
}

}  // namespace
}  // namespace structwire::testing
