// SPDX-License-Identifier: Apache-2.0
//
// The golden table of refusals: sentence, path and byte offset, for the same input as JSON and as
// MessagePack. The MessagePack input is the JSON one transcoded, so the bytes of a row are fixed by
// its text.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/core/convert.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/support/exact_bytes.hpp>
#include <tests/support/sample_structs.hpp>

namespace structwire::testing {
namespace {

struct Worker {
  std::string name;
  std::uint8_t slots = 0;
  std::optional<double> load;
  using wire = Rules<member<&Worker::name, max_length(3)>, forbid_unknown_fields>;
};

struct Pool {
  std::vector<Worker> workers;
  std::map<std::string, std::int32_t> counts;
  std::map<Color, bool> colors;
  Color color = Color::red;
  Level level = Level::low;
  std::int32_t rank = 1;
  double ratio = 0;
  using wire = Rules<member<&Pool::colors, defaulted>, member<&Pool::color, defaulted>,
                     member<&Pool::level, defaulted>, member<&Pool::rank, defaulted, gt(0), lt(10)>,
                     member<&Pool::ratio, defaulted, between(0, 1)>,
                     member<&Pool::counts, defaulted, min_length(1)>>;
};

struct Row {
  const char* input;
  /// The same in every format, except that MessagePack says `None` for what JSON calls `null`.
  const char* message;
  const char* path;
  std::size_t json_offset;
  std::size_t msgpack_offset;
};

constexpr Row rows[] = {
    {R"(null)", "Expected `object`, got `null`", "$", 0, 0},
    {R"([])", "Expected `object`, got `array`", "$", 0, 0},
    {R"({})", "Object missing required field `workers`", "$", 0, 0},
    {R"({"workers":1})", "Expected `array`, got `int` - at `$.workers`", "$.workers", 11, 9},
    {R"({"workers":[1]})", "Expected `object`, got `int` - at `$.workers[0]`", "$.workers[0]", 12,
     10},
    {R"({"workers":[{}]})", "Object missing required field `name` - at `$.workers[0]`",
     "$.workers[0]", 12, 10},
    {R"({"workers":[{"name":"a"}]})", "Object missing required field `slots` - at `$.workers[0]`",
     "$.workers[0]", 12, 10},
    {R"({"workers":[{"name":null}]})", "Expected `str`, got `null` - at `$.workers[0].name`",
     "$.workers[0].name", 20, 16},
    {R"({"workers":[{"name":"long"}]})", "Expected `str` of length <= 3 - at `$.workers[0].name`",
     "$.workers[0].name", 20, 16},
    {R"({"workers":[{"slots":256}]})", "Expected `int` <= 255 - at `$.workers[0].slots`",
     "$.workers[0].slots", 21, 17},
    {R"({"workers":[{"slots":-1}]})", "Expected `int` >= 0 - at `$.workers[0].slots`",
     "$.workers[0].slots", 21, 17},
    {R"({"workers":[{"slots":1.0}]})", "Expected `int`, got `float` - at `$.workers[0].slots`",
     "$.workers[0].slots", 21, 17},
    {R"({"workers":[{"load":true}]})",
     "Expected `float | null`, got `bool` - at `$.workers[0].load`", "$.workers[0].load", 20, 16},
    {R"({"workers":[{"nom":1}]})", "Object contains unknown field `nom` - at `$.workers[0]`",
     "$.workers[0]", 13, 11},
    {R"({"counts":{"a":"1"}})", "Expected `int`, got `str` - at `$.counts[...]`", "$.counts[...]",
     15, 11},
    {R"({"counts":{"a":2147483648}})", "Expected `int` <= 2147483647 - at `$.counts[...]`",
     "$.counts[...]", 15, 11},
    {R"({"counts":{}})", "Expected `object` of length >= 1 - at `$.counts`", "$.counts", 10, 8},
    {R"({"color":"pink"})", "Invalid enum value 'pink' - at `$.color`", "$.color", 9, 7},
    {R"({"color":1})", "Expected `str`, got `int` - at `$.color`", "$.color", 9, 7},
    {R"({"level":5})", "Invalid enum value 5 - at `$.level`", "$.level", 9, 7},
    {R"({"level":"low"})", "Expected `int`, got `str` - at `$.level`", "$.level", 9, 7},
    {R"({"rank":0})", "Expected `int` >= 1 - at `$.rank`", "$.rank", 8, 6},
    {R"({"rank":10})", "Expected `int` <= 9 - at `$.rank`", "$.rank", 8, 6},
    {R"({"ratio":1.5})", "Expected `float` <= 1.0 - at `$.ratio`", "$.ratio", 9, 7},
    {R"({"ratio":-1})", "Expected `float` >= 0.0 - at `$.ratio`", "$.ratio", 9, 7},
};

std::string python_words(std::string message) {
  const auto at = message.find("got `null`");
  return at == std::string::npos ? message : message.replace(at, 10, "got `None`");
}

void expect_error(const Result<void>& result, const Row& row, const std::string& message,
                  std::optional<std::size_t> offset) {
  ASSERT_FALSE(result) << row.input;
  EXPECT_EQ(result.error().message(), message) << row.input;
  EXPECT_EQ(result.error().path(), row.path) << row.input;
  EXPECT_EQ(result.error().offset(), offset) << row.input;
  EXPECT_FALSE(is_syntax(result.error().code())) << row.input;
}

Value value_of(const Row& row) { return json::decode<Value>(row.input).value_or(Value()); }

TEST(ErrorMessages, json) {
  for (const Row& row : rows) {
    const ExactBytes input(std::as_bytes(std::span(std::string_view(row.input))));
    Pool pool;
    expect_error(json::decode_into(input.bytes(), pool), row, row.message, row.json_offset);
  }
}

TEST(ErrorMessages, messagepack) {
  for (const Row& row : rows) {
    const ExactBytes input(msgpack::encode(value_of(row)).bytes());
    Pool pool;
    expect_error(msgpack::decode_into(input.bytes(), pool), row, python_words(row.message),
                 row.msgpack_offset);
  }
}

TEST(ErrorMessages, in_memory) {
  for (const Row& row : rows) {
    Pool pool;
    expect_error(convert_into(value_of(row), pool), row, row.message, std::nullopt);
  }
}

// Keys of maps have a form of their own in each format.
TEST(ErrorMessages, keys_of_maps) {
  const auto json_error = json::decode<Pool>(R"({"colors":{"pink":true}})");
  ASSERT_FALSE(json_error);
  EXPECT_EQ(json_error.error().message(), "Invalid enum value 'pink' - at `key` in `$.colors`");
  EXPECT_EQ(json_error.error().offset(), 11u);
  const auto msgpack_error =
      msgpack::decode<Pool>(msgpack::encode(Value(Value::Map{{"colors", Value::Map{{1, true}}}})));
  ASSERT_FALSE(msgpack_error);
  EXPECT_EQ(msgpack_error.error().message(), "Expected `str`, got `int` - at `key` in `$.colors`");
  EXPECT_EQ(msgpack_error.error().offset(), 9u);
}

}  // namespace
}  // namespace structwire::testing
