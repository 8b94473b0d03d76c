// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/show.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include <structwire/core/decimal.hpp>
#include <structwire/core/time.hpp>
#include <structwire/core/uuid.hpp>

namespace structwire {
namespace {

enum class Color { red, green, unlisted };
enum class Level { low = 1, high = 2 };
enum class Unlisted { a };

}  // namespace

template <>
inline constexpr auto enum_values<Color> = by_name<Color::red, enumerator<Color::green, "light green">>;
template <>
inline constexpr auto enum_values<Level> = by_value<Level::low, Level::high>;

namespace {

struct Point {
  double x = 0;
  double y = 0;
};

struct Task {
  std::string id;
  int priority = 3;
  std::vector<std::string> tags;
  std::optional<int> attempts;
  Unset<std::string> note;
  Point at;
  int secret = 9;
  using wire = Rules<member<&Task::priority, defaulted, name<"prio">>, member<&Task::tags, defaulted>,
                     member<&Task::secret, skip>>;
};

struct Stored {
  int a = 1;
  int b = 2;
  std::map<std::string, Value> rest;
  using wire = Rules<omit_defaults, all_defaulted, member<&Stored::rest, keep_unknown_fields>>;
};
struct Artifact {
  int a = 1;
  int b = 2;
  using wire = Rules<artifact, defaulted_from<&Artifact::a>>;
};

struct Outer {
  Point inner;
  Stored stored;
  using wire = Rules<member<&Outer::inner, flatten>>;
};

struct Chain {
  std::optional<Box<Chain>> next;
};

struct Doubled {
  using wire_type = int;
  static int to_wire(const int& value) {
    if (value < 0) throw std::runtime_error("below zero");
    return value * 2;
  }
  static int from_wire(int wire) { return wire / 2; }
};
struct Coded {
  int value = 0;
  using wire = Rules<member<&Coded::value, with<Doubled>>>;
};

struct Empty {};

TEST(Show, names_the_struct_and_its_members_as_they_are_declared) {
  EXPECT_EQ(show(Point{1, 2}), "Point(x=1.0, y=2.0)");
  EXPECT_EQ(show(Task{.id = "t-1", .tags = {"a"}}),
            "Task(id=\"t-1\", priority=3, tags=[\"a\"], attempts=null, note=unset, at=Point(x=0.0, y=0.0))");
  EXPECT_EQ(show(Empty{}), "Empty()");
  EXPECT_EQ(show(Outer{}), "Outer(inner=Point(x=0.0, y=0.0), stored=Stored())");
}

TEST(Show, leaves_out_defaults_where_that_is_asked_for_or_ruled) {
  EXPECT_EQ(show(Task{.id = "t"}, {.omit_defaults = true}), "Task(id=\"t\", at=Point(x=0.0, y=0.0))");
  EXPECT_EQ(show(Task{.id = "", .priority = 4, .attempts = 0}, {.omit_defaults = true}),
            "Task(id=\"\", priority=4, attempts=0, at=Point(x=0.0, y=0.0))");
  EXPECT_EQ(show(Stored{.b = 3}), "Stored(b=3)");
  EXPECT_EQ(show(Stored{.rest = {{"k", 1}}}), "Stored(rest={\"k\": 1})");
  EXPECT_EQ(show(Artifact{.a = 5}), "Artifact(a=5)");
  EXPECT_EQ(show(Artifact{}), "Artifact()");
}

TEST(Show, quotes_and_escapes_text_and_bytes) {
  EXPECT_EQ(show(std::string("q\"\\\n\r\t\x01\x7f é漢")), "\"q\\\"\\\\\\n\\r\\t\\x01\\x7f é漢\"");
  EXPECT_EQ(show(std::string("a\xff\xc3")), "\"a\\xff\\xc3\"");
  EXPECT_EQ(show(std::string("\xc2\x85")), "\"\\xc2\\x85\"");  // a control character beyond ASCII
  EXPECT_EQ(show(std::string_view("a\0b", 3)), "\"a\\x00b\"");
  EXPECT_EQ(show(TextView::borrowed("v")), "\"v\"");
  const Bytes bytes{std::byte{'a'}, std::byte{0}, std::byte{0xFF}, std::byte{'"'}};
  EXPECT_EQ(show(bytes), "b\"a\\x00\\xff\\\"\"");
  EXPECT_EQ(show(Buffer(bytes)), "b\"a\\x00\\xff\\\"\"");
  EXPECT_EQ(show(BytesView(bytes)), "b\"a\\x00\\xff\\\"\"");
  EXPECT_EQ(show(Ext{5, bytes}), "ext(5, b\"a\\x00\\xff\\\"\")");
}

TEST(Show, writes_numbers_as_they_are) {
  EXPECT_EQ(show(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(show(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(show(std::int8_t{-3}), "-3");
  EXPECT_EQ(show(0.1f), "0.1");
  EXPECT_EQ(show(0.1), "0.1");
  EXPECT_EQ(show(-std::numeric_limits<float>::infinity()), "-inf");
  EXPECT_EQ(show(std::nan("")), "nan");
  EXPECT_EQ(show(true), "true");
}

TEST(Show, writes_containers) {
  EXPECT_EQ(show(std::vector<bool>{true, false}), "[true, false]");
  EXPECT_EQ(show(std::array<int, 2>{1, 2}), "[1, 2]");
  EXPECT_EQ(show(std::tuple<int, std::string>{1, "a"}), "(1, \"a\")");
  EXPECT_EQ(show(std::pair<int, Point>{}), "(0, Point(x=0.0, y=0.0))");
  EXPECT_EQ(show(std::set<int>{2, 1}), "{1, 2}");
  EXPECT_EQ(show(std::map<int, std::string>{{1, "a"}, {2, "b"}}), "{1: \"a\", 2: \"b\"}");
  EXPECT_EQ(show(std::vector<int>{}), "[]");
}

TEST(Show, writes_what_wrappers_hold) {
  EXPECT_EQ(show(std::make_unique<int>(3)), "3");
  EXPECT_EQ(show(std::unique_ptr<int>()), "null");
  EXPECT_EQ(show(Unset<std::optional<int>>(std::optional<int>())), "null");
  EXPECT_EQ(show(Annotated<int, ge(0)>(4)), "4");
  EXPECT_EQ(show(Box<Point>()), "Point(x=0.0, y=0.0)");
  EXPECT_EQ(show(std::variant<std::monostate, int, std::string>("s")), "\"s\"");
  EXPECT_EQ(show(std::variant<std::monostate, int>()), "null");
}

TEST(Show, writes_enums_and_literals_by_their_constant) {
  EXPECT_EQ(show(Color::red), "red");
  EXPECT_EQ(show(Color::green), "light green");
  EXPECT_EQ(show(Color::unlisted), "Color(2)");
  EXPECT_EQ(show(Level::high), "high");
  EXPECT_EQ(show(Unlisted::a), "Unlisted(0)");
  EXPECT_EQ(show(Literal<"v1", 2, true, nullptr>()), "\"v1\"");
  EXPECT_EQ((show(Literal<"v1", 2, nullptr>(2))), "2");
  EXPECT_EQ((show(Literal<"v1", nullptr>(nullptr))), "null");
}

TEST(Show, writes_values_with_a_text_of_their_own_as_that) {
  using std::chrono::year;
  EXPECT_EQ(show(year(2024) / 2 / 29), "2024-02-29");
  EXPECT_EQ(show(*Decimal::from_text("1.50")), "1.50");
  EXPECT_EQ(show(Uuid()), "00000000-0000-0000-0000-000000000000");
}

TEST(Show, writes_dynamic_values) {
  EXPECT_EQ(show(Value()), "null");
  EXPECT_EQ(show(Value(Value::Map{{"a", Value::Array{1, 2.5, true}}, {1, Bytes{std::byte{1}}}})),
            "{\"a\": [1, 2.5, true], 1: b\"\\x01\"}");
  EXPECT_EQ(show(Raw()), "raw()");
  EXPECT_EQ(show(UnknownAlternative{}), "UnknownAlternative(raw())");
}

TEST(Show, writes_the_wire_form_of_types_with_a_codec) {
  EXPECT_EQ(show(Coded{4}), "Coded(value=8)");
  EXPECT_EQ(show(Coded{-1}), "Coded(value=int(below zero))");
}

TEST(Show, is_bounded_in_depth_and_length) {
  Chain chain;
  for (int i = 0; i < 100; ++i) chain = Chain{Box<Chain>(std::move(chain))};
  EXPECT_EQ(show(chain, {.depth = 2}), "Chain(next=Chain(next=Chain(…)))");
  EXPECT_EQ(show(Value(Value::Array{Value::Array{}}), {.depth = 1}), "[[…]]");
  const std::vector<int> many(1'000'000, 1);
  EXPECT_EQ(show(many, {.length_max = 10}), "[1, 1, 1, …");
  EXPECT_LE(show(many).size(), 4100u);
  EXPECT_EQ(show(std::string(100, 'a'), {.length_max = 5}), "\"aaaa…");
  EXPECT_EQ(show(std::string("éé"), {.length_max = 4}), "\"é…");
  EXPECT_EQ(show(std::string("漢漢漢漢"), {.length_max = 8}), "\"漢漢…");
  EXPECT_EQ(show(std::string("ab"), {.length_max = std::string::npos}), "\"ab\"");
  EXPECT_EQ(show(std::string("abc"), {.length_max = 5}), "\"abc\"");
  EXPECT_EQ(show(1, {.length_max = 0}), "…");
}

TEST(Show, goes_to_streams) {
  std::ostringstream out;
  out << shown(Point{1, 2}) << ' ' << shown(Stored{.b = 3}, {.length_max = 3});
  EXPECT_EQ(out.str(), "Point(x=1.0, y=2.0) Sto…");
}

}  // namespace
}  // namespace structwire
