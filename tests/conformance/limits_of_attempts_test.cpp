// SPDX-License-Identifier: Apache-2.0
//
// Limits::attempts: what first_match tries in vain is bounded by the input's size, also where
// variants that are tried stand inside each other, and documents that mean well are far from the
// bound.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/core/box.hpp>
#include <structwire/core/convert_members.hpp>
#include <tests/conformance/formats.hpp>

namespace structwire::testing {
namespace {

struct Left;
struct Right;
using Either = Annotated<std::variant<Box<Left>, Box<Right>>, first_match>;
/// What a decode costs, without a clock.
int levels_read = 0;
bool count(std::int32_t) { return ++levels_read > 0; }
struct Left {
  std::int32_t counted = 0;
  std::optional<Either> next;
  std::int32_t left = 0;
  using wire = Rules<member<&Left::counted, validated_by<count>>>;
};
struct Right {
  std::int32_t counted = 0;
  std::optional<Either> next;
  std::int32_t right = 0;
  using wire = Rules<member<&Right::counted, validated_by<count>>>;
};

struct Plain;
struct Other;
using Deep = Annotated<std::variant<Box<Plain>, Box<Other>>, first_match>;
struct Plain {
  std::int32_t last = 0;
};
struct Other {
  std::optional<Deep> other;
  std::int32_t number = 0;
};

/// Each level is a Right, which is known only when its Left was tried in vain, all further levels
/// with it.
Either nested(int levels) {
  Right outermost;
  for (int level = 1; level < levels; ++level) {
    Right outer;
    outer.next = Either(Box<Right>(std::move(outermost)));
    outermost = std::move(outer);
  }
  return Either(Box<Right>(std::move(outermost)));
}

/// Calls test(Format{}) for each format that is self-describing.
template <class Test>
void in_each_format(Test&& test) {
  const auto in = [&]<class Format>(Format format) {
    SCOPED_TRACE(Format::name);
    test(format);
  };
  in(Json());
  in(MessagePack());
  in(InMemory());
  in(TokenList());
}

template <class T, class Format>
Result<void> round_trip(Format, const T& value, const DecodeOptions& options = {}) {
  const auto written = Format::encode(value);
  if (!written) return std::unexpected(written.error());
  T back{};
  return Format::decode_into(*written, back, options);
}

void expect_refused(const Result<void>& done) {
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), ErrorCode::size_limit);
  EXPECT_TRUE(
      done.error().message().starts_with("Alternatives were tried in vain over more than 100 times "
                                         "the input (limits.attempts) - at `$"))
      << done.error().message();
}

TEST(LimitsOfAttempts, attempts_inside_each_other_end_soon) {
  in_each_format([](auto format) {
    EXPECT_TRUE(round_trip(format, nested(10)));
    for (const int levels : {18, 40, 250}) {
      levels_read = 0;
      const auto done = round_trip(format, nested(levels));
      EXPECT_LT(levels_read, 200'000) << levels;
      expect_refused(done);
    }
  });
}

TEST(LimitsOfAttempts, the_error_tells_where) {
  const auto from_json = json::decode<Either>(json::encode(nested(30)));
  ASSERT_FALSE(from_json);
  EXPECT_TRUE(from_json.error().path().starts_with("$.next.next")) << from_json.error().path();
  EXPECT_GT(from_json.error().offset(), 0u);
  const auto from_msgpack = msgpack::decode<Either>(msgpack::encode(nested(30)).bytes());
  ASSERT_FALSE(from_msgpack);
  EXPECT_GT(from_msgpack.error().offset(), 0u);
  const auto from_value = convert<Either>(to_value(nested(30)));
  ASSERT_FALSE(from_value);
  EXPECT_TRUE(from_value.error().path().starts_with("$.next.next"));
  EXPECT_EQ(from_value.error().offset(), std::nullopt);
}

TEST(LimitsOfAttempts, many_small_attempts_are_added_up) {
  const std::vector<Either> many(10, nested(12));
  in_each_format([&](auto format) {
    expect_refused(round_trip(format, many));
    DecodeOptions options;
    options.limits.attempts = 10'000;
    EXPECT_TRUE(round_trip(format, many, options));
  });
}

using TriedThrice =
    Annotated<std::variant<std::vector<bool>, std::deque<bool>, std::vector<Value>>, first_match>;

/// Two alternatives fail at the byte `at`, the third succeeds.
bool decodes_when_failing_at(std::size_t at, std::size_t attempts) {
  std::string text = "[";
  while (text.size() + 5 <= at) text += "true,";
  text.append(at - text.size(), ' ');
  DecodeOptions options;
  options.limits.attempts = attempts;
  return json::decode<TriedThrice>(text + "1]", options).has_value();
}

TEST(LimitsOfAttempts, the_limit_is_reached_and_passed_by_one) {
  // Each failure counts what it read, the wrong value included, and one: 2 * (1 + 1022) is no more
  // than 1024 + 1022.
  EXPECT_TRUE(decodes_when_failing_at(1021, 1));
  EXPECT_FALSE(decodes_when_failing_at(1022, 1));
  EXPECT_TRUE(decodes_when_failing_at(1'000'000, 2));
  EXPECT_FALSE(decodes_when_failing_at(1, 0));
  EXPECT_TRUE(json::decode<TriedThrice>("[true]", {.limits = {.attempts = 0}})) << "nothing fails";
}

// ---- documents that mean well ----

template <int N>
struct Candidate {
  std::string name;
  std::vector<std::int32_t> numbers;
  Literal<N> version;
};
using Known = Annotated<std::variant<Candidate<1>, Candidate<2>, Candidate<3>, Candidate<4>,
                                     Candidate<5>, Candidate<6>, Candidate<7>, Candidate<8>>,
                        first_match>;
struct Document {
  std::vector<Known> all;
  std::int32_t end = 0;
};
struct OtherDocument {
  std::vector<Known> all;
  std::string end;
};
using AnyDocument = Annotated<std::variant<Document, OtherDocument>, first_match>;

TEST(LimitsOfAttempts, large_arrays_of_values_that_are_tried_pass) {
  const std::vector<Known> all(5'000, Known(Candidate<8>{"a name", {1, 2, 3, 4}, {}}));
  in_each_format([&](auto format) {
    EXPECT_TRUE(round_trip(format, all));
    // All of it once more, as what is around is tried as well.
    EXPECT_TRUE(round_trip(format, AnyDocument(OtherDocument{all, "x"})));
  });
  std::string lines;
  for (int i = 0; i < 2'000; ++i) lines += json::encode(all.front()) + "\n";
  EXPECT_TRUE(json::decode_lines<Known>(lines));
}

TEST(LimitsOfAttempts, an_alternative_that_passes_over_the_rest_may_stand_deep) {
  // A chain of 100 levels whose every level is passed over once: 50 times the input.
  std::string text = R"({"last":1})";
  for (int level = 0; level < 100; ++level) text = R"({"other":)" + text + R"(,"number":1})";
  const auto done = json::decode<Deep>(text);
  EXPECT_TRUE(done) << done.error().message();
}

// ---- collected errors, structs from structs ----

struct Carrier {
  std::int32_t number = 0;
  Either either;
};
struct WrongCarrier {
  std::string number;
  Either either;
};

TEST(LimitsOfAttempts, collecting_errors_ends_at_the_limit) {
  const std::string text = json::encode(WrongCarrier{"x", nested(30)});
  const auto checked = json::decode_checked<Carrier>(text);
  ASSERT_FALSE(checked);
  ASSERT_EQ(checked.error().size(), 2u);
  EXPECT_EQ(checked.error()[0].path(), "$.number");
  EXPECT_EQ(checked.error()[1].code(), ErrorCode::size_limit);
}

struct Collected {
  Annotated<std::variant<std::vector<std::int32_t>, std::vector<std::string>>, first_match> tried;
  std::int32_t number = 0;
};

TEST(LimitsOfAttempts, collecting_errors_forgives_none_in_what_is_only_tried) {
  const auto checked = json::decode_checked<Collected>(R"({"tried":["a","b"],"number":"x"})");
  ASSERT_FALSE(checked);
  ASSERT_EQ(checked.error().size(), 1u);
  EXPECT_EQ(checked.error()[0].path(), "$.number");
  const auto both = json::decode_checked<Collected>(R"({"tried":["a",true],"number":"x"})");
  ASSERT_FALSE(both);
  ASSERT_EQ(both.error().size(), 2u);
  EXPECT_EQ(both.error()[0].path(), "$.tried[1]");
}

struct Source {
  std::int32_t counted = 0;
  std::optional<Box<Source>> next;
  std::int32_t right = 0;
};

TEST(LimitsOfAttempts, structs_are_converted_within_the_limit) {
  const auto chain = [](int levels) {
    Source source;
    for (int level = 1; level < levels; ++level) {
      Source outer;
      outer.next.emplace(std::move(source));
      source = std::move(outer);
    }
    return source;
  };
  EXPECT_TRUE(convert<Either>(chain(8)));
  const auto refused = convert<Either>(chain(40));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::size_limit);
}

}  // namespace
}  // namespace structwire::testing
