// SPDX-License-Identifier: Apache-2.0
//
// What the rules of structs mean (core/rules.hpp), and those of variants and enums, in every format.

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/core/extension.hpp>
#include <structwire/core/unknown_alternative.hpp>
#include <tests/conformance/three_formats.hpp>

namespace structwire::testing {
namespace {

enum class Shade { dark_red, light_green, other };
enum class Level { low = 1, high = 2, unknown = -1 };

struct Complex {
  double re = 0;
  double im = 0;
  bool operator==(const Complex&) const = default;
};

}  // namespace
}  // namespace structwire::testing

namespace structwire {
template <>
inline constexpr auto enum_values<testing::Shade> =
    by_name<testing::Shade::dark_red, enumerator<testing::Shade::light_green, "light green">,
            catch_all<testing::Shade::other>, ignore_case>;
template <>
inline constexpr auto enum_values<testing::Level> =
    by_value<testing::Level::low, testing::Level::high, catch_all<testing::Level::unknown>>;

template <>
struct extension_for<testing::Complex> {
  static constexpr std::int8_t code = 33;
  static Bytes to_bytes(const testing::Complex& value) {
    return {static_cast<std::byte>(static_cast<int>(value.re)), static_cast<std::byte>(static_cast<int>(value.im))};
  }
  static std::expected<testing::Complex, std::string> from_bytes(BytesView bytes) {
    if (bytes.size() != 2) return std::unexpected("two bytes, please");
    return testing::Complex{static_cast<double>(bytes[0]), static_cast<double>(bytes[1])};
  }
};
template <>
struct extension_code<33> {
  using type = testing::Complex;
};
}  // namespace structwire

namespace structwire::testing {
namespace {

template <NameStyle Style>
struct Snake {
  int some_field = 1;
  int _x9_y = 2;
  int given = 3;
  using wire = Rules<rename(Style), member<&Snake::given, name<"GIVEN-name">>>;
};
struct Camel {
  int someField = 1;
  int anHTTPName = 2;
  using wire = Rules<rename(NameStyle::snake)>;
};
struct Screaming {
  int someField = 1;
  using wire = Rules<rename(NameStyle::screaming_snake)>;
};

TEST(StructRules, rename_restyles_the_names_that_no_rule_gives) {
  EXPECT_EQ(encoded(Snake<NameStyle::declared>{}), R"({"some_field":1,"_x9_y":2,"GIVEN-name":3})");
  EXPECT_EQ(encoded(Snake<NameStyle::lower>{}), R"({"some_field":1,"_x9_y":2,"GIVEN-name":3})");
  EXPECT_EQ(encoded(Snake<NameStyle::upper>{}), R"({"SOME_FIELD":1,"_X9_Y":2,"GIVEN-name":3})");
  EXPECT_EQ(encoded(Snake<NameStyle::camel>{}), R"({"someField":1,"_x9Y":2,"GIVEN-name":3})");
  EXPECT_EQ(encoded(Snake<NameStyle::pascal>{}), R"({"SomeField":1,"_X9Y":2,"GIVEN-name":3})");
  EXPECT_EQ(encoded(Snake<NameStyle::kebab>{}), R"({"some-field":1,"x9-y":2,"GIVEN-name":3})");
  EXPECT_EQ(encoded(Camel{}), R"({"some_field":1,"an_http_name":2})");
  EXPECT_EQ(encoded(Screaming{}), R"({"SOME_FIELD":1})");
  EXPECT_EQ(decoded<Snake<NameStyle::kebab>>(R"({"x9-y":5,"some-field":4,"GIVEN-name":6})").some_field, 4);
  EXPECT_EQ(refusal<Snake<NameStyle::camel>>(R"({"some_field":5})"), "Object missing required field `someField`");
}

struct Row {
  int a = 0;
  std::string b;
  int c = 7;
  std::optional<int> d;
  using wire = Rules<array_like, member<&Row::c, defaulted>, member<&Row::b, max_length(2)>>;
};
struct TaggedRow {
  int a = 0;
  using wire = Rules<array_like, tag<3>, forbid_unknown_fields>;
};

TEST(StructRules, array_like_structs_are_arrays_of_their_members) {
  EXPECT_EQ(encoded(Row{1, "x", 7, std::nullopt}), R"([1,"x",7,null])");
  EXPECT_TRUE(equal(decoded<Row>(R"([1,"x"])"), Row{1, "x", 7, std::nullopt}));
  EXPECT_TRUE(equal(decoded<Row>(R"([1,"x",2,3,4,{}])"), Row{1, "x", 2, 3}));
  EXPECT_EQ(refusal<Row>(R"([1])"), "Expected `array` of at least length 2, got 1");
  EXPECT_EQ(refusal<Row>(R"([1,"abc"])"), "Expected `str` of length <= 2 - at `$[1]`");
  EXPECT_EQ(refusal<Row>(R"({"a":1,"b":"x"})"), "Expected `array`, got `object`");
  EXPECT_EQ(encoded(TaggedRow{1}), "[3,1]");
  // JSON does not count what it refuses, as in msgspec.
  EXPECT_EQ(json::decode<TaggedRow>("[3,1,2]").error().message(), "Expected `array` of at most length 2");
  EXPECT_EQ(convert<TaggedRow>(value_of("[3,1,2]")).error().message(), "Expected `array` of at most length 2, got 3");
  EXPECT_EQ(refusal<TaggedRow>("[4,1]"), "Invalid value 4 - at `$[0]`");
  EXPECT_EQ(refusal<TaggedRow>("[]"), "Expected `array` of at least length 2, got 0");
}

struct Defaults {
  int a = 1;
  std::vector<int> list{1, 2};
  std::optional<std::string> text;
  double not_a_number = std::numeric_limits<double>::quiet_NaN();
  int always = 5;
  using wire = Rules<omit_defaults, all_defaulted, member<&Defaults::always, required>>;
};
struct From {
  int a = 1;
  int b = 2;
  int c = 3;
  using wire = Rules<defaulted_from<&From::b>>;
};

TEST(StructRules, omit_defaults_leaves_out_what_equals_its_initializer) {
  EXPECT_EQ(encoded(Defaults{}), R"({"always":5})");
  EXPECT_EQ(encoded(Defaults{2, {}, "t", 1.5, 6}), R"({"a":2,"list":[],"text":"t","not_a_number":1.5,"always":6})");
  EXPECT_TRUE(equal(decoded<Defaults>(R"({"always":5})"), Defaults{}));
  EXPECT_EQ(refusal<Defaults>("{}"), "Object missing required field `always`");
}

struct Told {
  std::optional<int> number;
  std::optional<int> other;
  using wire = Rules<artifact, member<&Told::number, required>>;
};

TEST(StructRules, omit_defaults_writes_an_empty_optional_that_is_required) {
  EXPECT_EQ(encoded(Told{}), R"({"number":null})");
  EXPECT_TRUE(equal(decoded<Told>(R"({"number":null})"), Told{}));
  EXPECT_EQ(refusal<Told>("{}"), "Object missing required field `number`");
}

struct Signs {
  double zero = 0.0;
  std::vector<float> zeros{0.0f};
  using wire = Rules<omit_defaults, all_defaulted>;
};

TEST(StructRules, omit_defaults_keeps_the_sign_of_zero) {
  EXPECT_EQ(encoded(Signs{}), "{}");
  EXPECT_EQ(encoded(Signs{-0.0, {-0.0f}}), R"({"zero":-0.0,"zeros":[-0.0]})");
  EXPECT_TRUE(equal(Signs{}, Signs{-0.0, {-0.0f}}));
}

TEST(StructRules, defaulted_from_makes_that_member_and_all_behind_it_optional) {
  EXPECT_TRUE(equal(decoded<From>(R"({"a":9})"), From{9, 2, 3}));
  EXPECT_EQ(refusal<From>(R"({"b":1,"c":2})"), "Object missing required field `a`");
}

struct Stored {
  int version = 1;
  std::unordered_map<std::string, int> counts;
  std::unordered_set<std::string> names;
  using wire = Rules<artifact, defaulted_from<&Stored::version>>;
};
struct Travelling {
  int version = 1;
  std::map<std::string, Raw> rest;
  using wire = Rules<wire_policy, all_defaulted, member<&Travelling::rest, keep_unknown_fields>>;
};

TEST(StructRules, artifacts_have_one_form_and_no_unknown_fields) {
  Stored stored;
  for (const char* name : {"b", "aa", "a", "c", "é", "ab"}) {
    stored.counts[name] = 1;
    stored.names.insert(name);
  }
  EXPECT_EQ(encoded(stored), R"({"counts":{"a":1,"aa":1,"ab":1,"b":1,"c":1,"é":1},"names":["a","aa","ab","b","c","é"]})");
  EXPECT_EQ(encoded(Stored{}), "{}");
  EXPECT_EQ(refusal<Stored>(R"({"x":1})"), "Object contains unknown field `x`");
}

TEST(StructRules, what_travels_is_written_whole_and_passes_on_what_it_does_not_know) {
  EXPECT_EQ(encoded(Travelling{}), R"({"version":1})");
  EXPECT_EQ(json::encode(*json::decode<Travelling>(R"({"new":[1]})")), R"({"version":1,"new":[1]})");
}

struct Outer {
  Stored stored;
  std::unordered_map<std::string, int> own;
};

TEST(StructRules, the_deterministic_order_holds_inside_of_the_struct_that_has_it) {
  Outer outer;
  for (int i = 0; i < 50; ++i) outer.stored.counts[std::to_string(i)] = i;
  const Value value = to_value(outer);
  const auto& counts = *value.find("stored")->find("counts")->get_if<Value::Map>();
  EXPECT_TRUE(std::ranges::is_sorted(counts, [](const auto& a, const auto& b) { return a.key < b.key; }));
}

struct Range {
  int low = 0;
  int high = 0;
  std::string check() const { return low <= high ? "" : "low is above high"; }
  using wire = Rules<validated_by<&Range::check>>;
};
void not_seven(const struct Checked& checked);
struct Checked {
  int a = 0;
  std::vector<Range> ranges;
  using wire = Rules<all_defaulted, validated_by<not_seven>>;
};
void not_seven(const Checked& checked) {
  if (checked.a == 7) throw std::runtime_error("seven");
}

TEST(StructRules, validators_see_the_whole_struct) {
  EXPECT_EQ(decoded<Checked>(R"({"ranges":[{"high":2,"low":1}]})").ranges.size(), 1u);
  EXPECT_EQ(refusal<Checked>(R"({"ranges":[{"low":1,"high":2},{"low":2,"high":1}]})"),
            "low is above high - at `$.ranges[1]`");
  EXPECT_EQ(refusal<Checked>(R"({"a":7})"), "seven");
}

// ---- tags and variants ----

struct Get {
  std::string key;
  using wire = Rules<tagged, tag_field<"op">>;
};
struct Put {
  std::string key;
  int value = 0;
  using wire = Rules<tag<"put!">, tag_field<"op">, forbid_unknown_fields>;
};
struct FieldOnly {
  int a = 0;
  using wire = Rules<tag_field<"kind">>;
};
using Request = std::variant<Get, Put>;
using Open = std::variant<Get, Put, UnknownAlternative>;

TEST(StructRules, a_tag_comes_first_and_may_come_anywhere) {
  EXPECT_EQ(encoded(Get{"k"}), R"({"op":"Get","key":"k"})");
  EXPECT_EQ(encoded(Put{"k", 1}), R"({"op":"put!","key":"k","value":1})");
  EXPECT_EQ(encoded(FieldOnly{1}), R"({"kind":"FieldOnly","a":1})");
  EXPECT_EQ(decoded<Get>(R"({"key":"k"})").key, "k");
  EXPECT_EQ(decoded<Put>(R"({"value":1,"key":"k","op":"put!"})").value, 1);
  EXPECT_EQ(refusal<Put>(R"({"op":"put","key":"k","value":1})"), "Invalid value 'put' - at `$.op`");
  EXPECT_EQ(refusal<Put>(R"({"op":1,"key":"k","value":1})"), "Expected `str`, got `int` - at `$.op`");
}

TEST(StructRules, tags_choose_the_alternative) {
  EXPECT_EQ(encoded(Request(Put{"k", 1})), R"({"op":"put!","key":"k","value":1})");
  EXPECT_EQ(std::get<Put>(decoded<Request>(R"({"key":"k","value":1,"op":"put!"})")).value, 1);
  EXPECT_EQ(std::get<Get>(decoded<Request>(R"({"op":"Get","key":"k"})")).key, "k");
  EXPECT_EQ(refusal<Request>(R"({"op":"Post","key":"k"})"), "Invalid value 'Post' - at `$.op`");
  EXPECT_EQ(refusal<Request>(R"({"key":"k"})"), "Object missing required field `op`");
  EXPECT_EQ(refusal<Request>(R"({"op":"put!","key":1})"), "Expected `str`, got `int` - at `$.key`");
  EXPECT_EQ(refusal<std::vector<Request>>(R"([{"op":"Get","key":"k"},{"op":"put!","x":1}])"),
            "Object contains unknown field `x` - at `$[1]`");
  EXPECT_EQ(refusal<Request>("3"), "Expected `object`, got `int`");
}

TEST(StructRules, an_unknown_alternative_is_passed_on_whole) {
  const char* const input = R"({"key": "k", "op": "Post", "more": [1, {"a": null}]})";
  const auto from_json = json::decode<Open>(input);
  ASSERT_TRUE(from_json) << from_json.error().message();
  const auto& unknown = std::get<UnknownAlternative>(*from_json);
  EXPECT_EQ(std::get<std::string>(unknown.tag), "Post");
  EXPECT_EQ(json::encode(*from_json), input);
  const Buffer packed = msgpack::encode(*from_json);
  EXPECT_EQ(packed, msgpack::encode(value_of(input)));
  const auto from_msgpack = msgpack::decode<Open>(packed.bytes());
  ASSERT_TRUE(from_msgpack);
  EXPECT_EQ(msgpack::encode(*from_msgpack), packed);
  EXPECT_EQ(std::get<Get>(*json::decode<Open>(R"({"op":"Get","key":"k"})")).key, "k");
}

struct A {
  int a = 0;
};
struct B {
  int b = 0;
};
struct Tries {
  std::variant<A, B> either;
  std::optional<std::variant<int, std::string, A>> perhaps;
  using wire = Rules<member<&Tries::either, first_match>, member<&Tries::perhaps, first_match>>;
};

TEST(StructRules, first_match_takes_the_first_alternative_that_decodes) {
  EXPECT_EQ(std::get<B>(decoded<Tries>(R"({"either":{"b":1}})").either).b, 1);
  EXPECT_EQ(std::get<A>(decoded<Tries>(R"({"either":{"b":1,"a":2}})").either).a, 2);
  EXPECT_EQ(std::get<A>(*decoded<Tries>(R"({"either":{"a":2},"perhaps":{"a":3}})").perhaps).a, 3);
  EXPECT_FALSE(decoded<Tries>(R"({"either":{"a":2},"perhaps":null})").perhaps.has_value());
  EXPECT_EQ(refusal<Tries>(R"({"either":[]})"), "Expected `object`, got `array` - at `$.either`");
}

// ---- enums and extensions ----

struct Enums {
  Shade shade = Shade::other;
  Level level = Level::low;
  using wire = Rules<all_defaulted>;
};

TEST(StructRules, enums_have_texts_any_case_and_a_place_for_the_rest) {
  EXPECT_EQ(encoded(Enums{Shade::light_green, Level::high}), R"({"shade":"light green","level":2})");
  EXPECT_EQ(decoded<Enums>(R"({"shade":"LIGHT Green"})").shade, Shade::light_green);
  EXPECT_EQ(decoded<Enums>(R"({"shade":"Dark_Red"})").shade, Shade::dark_red);
  EXPECT_EQ(decoded<Enums>(R"({"shade":"violet"})").shade, Shade::other);
  EXPECT_EQ(decoded<Enums>(R"({"level":99})").level, Level::unknown);
  EXPECT_EQ(encoded(Enums{Shade::other, Level::unknown}), R"({"shade":"other","level":-1})");
  EXPECT_EQ(refusal<Enums>(R"({"shade":1})"), "Expected `str`, got `int` - at `$.shade`");
  EXPECT_EQ(decoded<std::vector<Shade>>(R"(["DARK_RED","x"])"), (std::vector{Shade::dark_red, Shade::other}));
}

TEST(StructRules, extensions_have_their_code) {
  const std::vector<Complex> values{{1, 2}, {3, 4}};
  const Buffer packed = msgpack::encode(values);
  EXPECT_EQ(packed, msgpack::encode(std::vector<Ext>{{33, {std::byte{1}, std::byte{2}}}, {33, {std::byte{3}, std::byte{4}}}}));
  EXPECT_EQ(msgpack::decode<std::vector<Complex>>(packed.bytes()), values);
  EXPECT_EQ(convert<std::vector<Complex>>(to_value(values)), values);
  EXPECT_EQ(msgpack::decode<Complex>(msgpack::encode(Ext{33, {}}).bytes()).error().message(), "two bytes, please");
  EXPECT_EQ(msgpack::decode<Complex>(msgpack::encode(Ext{34, {}}).bytes()).error().message(),
            "Expected extension 33, got 34");
  EXPECT_EQ(msgpack::decode<Complex>(msgpack::encode(1).bytes()).error().message(), "Expected `ext`, got `int`");
}

}  // namespace
}  // namespace structwire::testing
