// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/validate.hpp>

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <structwire/core/convert.hpp>
#include <structwire/core/time.hpp>

namespace structwire {
namespace {

enum class Color { red, green };
enum class Level : std::int8_t { low = 1, high = 2 };

}  // namespace

template <>
inline constexpr auto enum_values<Color> = by_name<Color::red, Color::green>;
template <>
inline constexpr auto enum_values<Level> = by_value<Level::low, Level::high>;

namespace {

using Name = Annotated<std::string, min_length(1), max_length(3)>;

bool is_even(int value) { return value % 2 == 0; }

struct Range {
  int low = 0;
  int high = 0;
  const char* check() const { return low <= high ? nullptr : "low is above high"; }
  using wire = Rules<all_defaulted, validated_by<&Range::check>, member<&Range::low, ge(0)>>;
};

struct Pixel {
  int x = 0;
  int y = 0;
  using wire = Rules<array_like, member<&Pixel::y, le(9)>, tag<"px">>;
};

struct Node {
  int value = 0;
  std::optional<Box<Node>> next;
  std::unique_ptr<Node> other;
  using wire = Rules<all_defaulted, member<&Node::value, validated_by<is_even>>>;
};

struct Sized {
  std::optional<std::string> code;
  Unset<std::vector<int>> few;
  std::map<std::string, int> some;
  Bytes payload;
  double ratio = 0.5;
  using wire = Rules<all_defaulted, rename(NameStyle::camel), member<&Sized::code, pattern<"^[a-z]+$">>,
                     member<&Sized::few, max_length(2)>, member<&Sized::some, max_length(1), name<"map">>,
                     member<&Sized::payload, max_length(1)>, member<&Sized::ratio, gt(0.0), multiple_of(0.25)>>;
};

struct All {
  std::vector<Range> ranges;
  std::array<Name, 2> pair{"a", "b"};
  std::tuple<int, Name> both{1, "a"};
  std::map<Name, Name> named;
  std::map<std::string, Pixel> pixels;
  std::variant<std::monostate, int, Range> choice;
  Color color = Color::red;
  std::vector<Level> levels;
  std::optional<Node> node;
  Sized sized;
  std::set<Name> set;
  using wire = Rules<all_defaulted>;
};

std::string refusal(const auto& x, const DecodeOptions& options = {}) {
  const auto valid = validate(x, options);
  return valid ? "" : valid.error().message();
}

// What decoding the same value says, byte for byte; and what validate says.
template <class T>
std::string refusal_of_both(const T& x, const DecodeOptions& options = {}) {
  const auto valid = validate(x, options);
  const auto decoded = convert<T>(to_value(x), options);
  EXPECT_EQ(valid.has_value(), decoded.has_value());
  if (valid || decoded) return {};
  EXPECT_EQ(valid.error().message(), decoded.error().message());
  EXPECT_EQ(valid.error().code(), decoded.error().code());
  EXPECT_EQ(valid.error().path(), decoded.error().path());
  EXPECT_FALSE(valid.error().offset().has_value());
  return valid.error().message();
}

TEST(Validate, finds_nothing_where_nothing_is_wrong) {
  EXPECT_EQ(refusal_of_both(All{}), "");
  EXPECT_TRUE(validate_all(All{}).empty());
  EXPECT_EQ(refusal_of_both(std::vector<double>{1, 2}), "");
  EXPECT_EQ(refusal_of_both(3), "");
}

TEST(Validate, looks_at_members_at_any_depth) {
  EXPECT_EQ(refusal_of_both(All{.ranges = {{}, {-1, 0}}}), "Expected `int` >= 0 - at `$.ranges[1].low`");
  EXPECT_EQ(refusal_of_both(All{.pixels = {{"a", {0, 10}}}}), "Expected `int` <= 9 - at `$.pixels[...][2]`");
  EXPECT_EQ(refusal_of_both(All{.choice = Range{-1, 0}}), "Expected `int` >= 0 - at `$.choice.low`");
  EXPECT_EQ(refusal_of_both(All{.sized = {.code = "A"}}),
            "Expected `str` matching regex '^[a-z]+$' - at `$.sized.code`");
  EXPECT_EQ(refusal_of_both(Sized{.few = std::vector{1, 2, 3}}), "Expected `array` of length <= 2 - at `$.few`");
  EXPECT_EQ(refusal_of_both(Sized{.some = {{"a", 1}, {"b", 2}}}), "Expected `object` of length <= 1 - at `$.map`");
  EXPECT_EQ(refusal_of_both(Sized{.payload = Bytes(2)}), "Expected `bytes` of length <= 1 - at `$.payload`");
  EXPECT_EQ(refusal_of_both(Sized{.ratio = 0}), "Expected `float` > 0.0 - at `$.ratio`");
  EXPECT_EQ(refusal_of_both(Sized{.ratio = 0.3}), "Expected `float` that's a multiple of 0.25 - at `$.ratio`");
}

TEST(Validate, looks_at_the_rules_of_types) {
  EXPECT_EQ(refusal_of_both(Name("abcd")), "Expected `str` of length <= 3");
  EXPECT_EQ(refusal_of_both(Name("äöü")), "");
  EXPECT_EQ(refusal_of_both(All{.pair = {"a", ""}}), "Expected `str` of length >= 1 - at `$.pair[1]`");
  EXPECT_EQ(refusal_of_both(All{.both = {1, ""}}), "Expected `str` of length >= 1 - at `$.both[1]`");
  EXPECT_EQ(refusal_of_both(All{.named = {{"", "a"}}}), "Expected `str` of length >= 1 - at `key` in `$.named`");
  EXPECT_EQ(refusal_of_both(All{.named = {{"a", ""}}}), "Expected `str` of length >= 1 - at `$.named[...]`");
  EXPECT_EQ(refusal_of_both(All{.named = {{"a", ""}}}, {.keys_in_paths = true}),
            "Expected `str` of length >= 1 - at `$.named[\"a\"]`");
  EXPECT_EQ(refusal_of_both(All{.set = {"a", "long"}}), "Expected `str` of length <= 3 - at `$.set[1]`");
}

TEST(Validate, asks_the_validators) {
  EXPECT_EQ(refusal_of_both(All{.ranges = {{2, 1}}}), "low is above high - at `$.ranges[0]`");
  EXPECT_EQ(refusal_of_both(Range{2, 1}), "low is above high");
  Node node;
  node.next = Box<Node>();
  (*node.next)->value = 3;
  EXPECT_EQ(refusal_of_both(node), "Expected a value that passes `is_even` - at `$.next.value`");
  node.next.reset();
  node.other = std::make_unique<Node>();
  node.other->value = 5;
  EXPECT_EQ(refusal_of_both(node), "Expected a value that passes `is_even` - at `$.other.value`");
  EXPECT_EQ(validate(node).error().code(), ErrorCode::refused);
}

struct Thrower {
  int a = 0;
  void check() const {
    if (a != 0) throw std::runtime_error("not zero");
  }
  using wire = Rules<validated_by<&Thrower::check>>;
};

TEST(Validate, takes_what_a_validator_throws_for_its_no) { EXPECT_EQ(refusal_of_both(Thrower{1}), "not zero"); }

TEST(Validate, refuses_enumerators_that_are_not_listed) {
  EXPECT_EQ(refusal(static_cast<Color>(7)), "Invalid enum value 7");
  EXPECT_EQ(refusal_of_both(All{.levels = {Level::low, static_cast<Level>(-3)}}),
            "Invalid enum value -3 - at `$.levels[1]`");
  EXPECT_EQ(validate(All{.color = static_cast<Color>(9)}).error().path(), "$.color");
}

TEST(Validate, refuses_text_that_is_not_utf8) {
  const auto error = validate(std::vector<std::string>{"a", "\xff"}).error();
  EXPECT_EQ(error.code(), ErrorCode::invalid_utf8);
  EXPECT_EQ(error.path(), "$[1]");
  EXPECT_EQ(validate(std::map<std::string, int>{{"\xff", 1}}).error().code(), ErrorCode::invalid_utf8);
  const auto in_value = validate(Value(Value::Map{{"a", Value::Array{1, "\xc3"}}}), {.keys_in_paths = true});
  EXPECT_EQ(in_value.error().path(), "$[\"a\"][1]");
}

TEST(Validate, refuses_dates_that_no_calendar_has) {
  using namespace std::chrono;
  EXPECT_EQ(refusal_of_both(year(2024) / 2 / 29), "");
  EXPECT_EQ(refusal_of_both(year(2023) / 2 / 29), "Invalid RFC3339 encoded date");
}

TEST(Validate, finds_every_error_with_its_own_path) {
  const All bad{.ranges = {{-1, 0}, {2, 1}, {0, 1}},
                .pair = {"", "long"},
                .named = {{"", "long"}},
                .color = static_cast<Color>(9),
                .levels = {static_cast<Level>(5)}};
  std::vector<std::string> messages;
  for (const Error& error : validate_all(bad)) messages.push_back(error.message());
  EXPECT_EQ(messages, (std::vector<std::string>{
                          "Expected `int` >= 0 - at `$.ranges[0].low`",
                          "low is above high - at `$.ranges[1]`",
                          "Expected `str` of length >= 1 - at `$.pair[0]`",
                          "Expected `str` of length <= 3 - at `$.pair[1]`",
                          "Expected `str` of length >= 1 - at `key` in `$.named`",
                          "Expected `str` of length <= 3 - at `$.named[...]`",
                          "Invalid enum value 9 - at `$.color`",
                          "Invalid enum value 5 - at `$.levels[0]`",
                      }));
  DecodeOptions options;
  options.limits.errors = 3;
  EXPECT_EQ(validate_all(bad, options).size(), 3u);
  EXPECT_EQ(validate(bad).error().message(), messages.front());
}

TEST(Validate, has_a_limit_of_depth) {
  Node node;
  for (int i = 0; i < 10; ++i) {
    Node outer;
    outer.next = Box<Node>(std::move(node));
    node = std::move(outer);
  }
  DecodeOptions options;
  options.limits.depth = 11;
  EXPECT_EQ(refusal_of_both(node, options), "");
  options.limits.depth = 10;
  EXPECT_EQ(validate(node, options).error().code(), ErrorCode::depth_limit);
  EXPECT_EQ(refusal_of_both(node, options).substr(0, 29), "Nested deeper than 10 levels ");
  Value value = 1;
  for (int i = 0; i < 11; ++i) value = Value(Value::Array{std::move(value)});
  EXPECT_EQ(validate(value, options).error().code(), ErrorCode::depth_limit);
}

struct Tripled {
  using wire_type = Annotated<int, le(30)>;
  static int to_wire(const int& value) {
    if (value < 0) throw std::runtime_error("below zero");
    return value * 3;
  }
  static int from_wire(int wire) { return wire / 3; }
};
struct Coded {
  int value = 0;
  using wire = Rules<member<&Coded::value, with<Tripled>, lt(20)>>;
};

TEST(Validate, looks_at_both_sides_of_a_codec) {
  EXPECT_EQ(refusal_of_both(Coded{10}), "");
  EXPECT_EQ(refusal_of_both(Coded{11}), "Expected `int` <= 30 - at `$.value`");
  EXPECT_EQ(refusal(Coded{-1}), "below zero - at `$.value`");
}

struct Keeps {
  int a = 1;
  std::map<std::string, Value> rest;
  int hidden = 0;
  using wire = Rules<member<&Keeps::rest, keep_unknown_fields>, member<&Keeps::hidden, skip, ge(1)>>;
};

TEST(Validate, looks_at_kept_fields_and_not_at_skipped_members) {
  EXPECT_EQ(refusal(Keeps{}), "");
  EXPECT_EQ(validate(Keeps{.rest = {{"k", "\xff"}}}).error().path(), "$.k");
  EXPECT_EQ(validate(Keeps{.rest = {{"\xff", 1}}}).error().code(), ErrorCode::invalid_utf8);
}

TEST(Validate, refuses_what_holds_nothing) {
  Box<Node> moved_from;
  const Box<Node> taken = std::move(moved_from);
  EXPECT_EQ(refusal(moved_from), "A Box that was moved from");
}

}  // namespace
}  // namespace structwire
