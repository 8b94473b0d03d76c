// SPDX-License-Identifier: Apache-2.0
//
// What the rules of members mean (core/rules.hpp), in every format.

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/core/raw.hpp>
#include <tests/conformance/three_formats.hpp>

namespace structwire::testing {
namespace {

struct Skips {
  int a = 1;
  int cache = 7;
  using wire = Rules<member<&Skips::cache, skip>>;
};

TEST(MemberRules, a_skipped_member_is_not_on_the_wire) {
  EXPECT_EQ(encoded(Skips{2, 9}), R"({"a":2})");
  EXPECT_EQ(decoded<Skips>(R"({"a":3,"cache":5})").cache, 7);
  EXPECT_EQ(refusal<Skips>(R"({"a":3,"cache":5})", {.unknown_fields = UnknownFieldPolicy::forbid}),
            "Object contains unknown field `cache`");
  Skips reused{1, 9};
  ASSERT_TRUE(json::decode_into(R"({"a":3})", reused));
  EXPECT_EQ(reused.cache, 9);
}

struct OneWay {
  int id = 1;
  int computed = 2;
  std::string password = "none";
  using wire = Rules<member<&OneWay::computed, encode_only, le(9)>, member<&OneWay::password, decode_only, defaulted>,
                     forbid_unknown_fields>;
};

TEST(MemberRules, encode_only_is_written_and_passed_over) {
  EXPECT_EQ(encoded(OneWay{5, 6, "x"}), R"({"id":5,"computed":6})");
  EXPECT_EQ(decoded<OneWay>(R"({"id":5,"computed":100})").computed, 2);
  EXPECT_EQ(decoded<OneWay>(R"({"id":5,"computed":[{}]})").computed, 2);
  EXPECT_EQ(decoded<OneWay>(R"({"id":5})").computed, 2);
}

TEST(MemberRules, decode_only_is_read_and_never_written) {
  EXPECT_EQ(decoded<OneWay>(R"({"id":5,"password":"p"})").password, "p");
  EXPECT_EQ(decoded<OneWay>(R"({"id":5})").password, "none");
}

struct Point {
  int x = 0;
  int y = 0;
  using wire = Rules<member<&Point::y, name<"Y">, alias<"why">, between(0, 9)>>;
};
struct Pixel {
  std::string color = "red";
  Point at;
  std::optional<int> depth;
  using wire = Rules<member<&Pixel::at, flatten>, member<&Pixel::color, defaulted>>;
};

TEST(MemberRules, a_flattened_member_stands_among_the_others) {
  EXPECT_EQ(encoded(Pixel{"blue", {1, 2}, 3}), R"({"color":"blue","x":1,"Y":2,"depth":3})");
  EXPECT_TRUE(equal(decoded<Pixel>(R"({"depth":3,"why":2,"x":1})"), Pixel{"red", {1, 2}, 3}));
  EXPECT_EQ(refusal<Pixel>(R"({"x":1})"), "Object missing required field `Y`");
  EXPECT_EQ(refusal<Pixel>(R"({"x":1,"Y":10})"), "Expected `int` <= 9 - at `$.Y`");
  EXPECT_EQ(refusal<Pixel>(R"({"x":1,"at":{}})"), "Object missing required field `Y`");
}

struct Aliased {
  int count = 0;
  using wire = Rules<member<&Aliased::count, name<"count">, alias<"n", "Count">>, forbid_unknown_fields>;
};

TEST(MemberRules, an_alias_is_understood_and_never_written) {
  EXPECT_EQ(encoded(Aliased{1}), R"({"count":1})");
  for (const char* input : {R"({"count":4})", R"({"n":4})", R"({"Count":4})"}) {
    EXPECT_EQ(decoded<Aliased>(input).count, 4);
  }
  EXPECT_EQ(decoded<Aliased>(R"({"n":4,"count":5})").count, 5);
  EXPECT_EQ(refusal<Aliased>(R"({"n":"x"})"), "Expected `int`, got `str` - at `$.count`");
  EXPECT_EQ(refusal<Aliased>(R"({"N":4})"), "Object contains unknown field `N`");
}

struct KeepsRaw {
  int a = 0;
  std::map<std::string, Raw> rest;
  using wire = Rules<member<&KeepsRaw::rest, keep_unknown_fields>>;
};
struct KeepsValues {
  int a = 0;
  std::map<std::string, Value> rest;
  std::string last;
  using wire = Rules<member<&KeepsValues::rest, keep_unknown_fields>>;
};

TEST(MemberRules, kept_fields_are_written_back_behind_the_own_ones) {
  const char* const input = R"({"x":{"y":[1,2.5]},"a":1,"last":"l","b":null})";
  const auto kept = decoded<KeepsValues>(input);
  EXPECT_EQ(kept.rest.size(), 2u);
  EXPECT_EQ(encoded(kept), R"({"a":1,"last":"l","b":null,"x":{"y":[1,2.5]}})");
  EXPECT_TRUE(decoded<KeepsValues>(input, {.unknown_fields = UnknownFieldPolicy::ignore}).rest.empty());
  EXPECT_EQ(refusal<KeepsValues>(input, {.unknown_fields = UnknownFieldPolicy::forbid}),
            "Object contains unknown field `x`");
}

TEST(MemberRules, kept_raw_fields_go_from_format_to_format) {
  const auto from_json = json::decode<KeepsRaw>(R"({"x":{"y":[1, 2.5]},"a":1,"z":"é"})");
  ASSERT_TRUE(from_json);
  EXPECT_EQ(json::encode(*from_json), R"({"a":1,"x":{"y":[1, 2.5]},"z":"é"})");
  const Buffer packed = msgpack::encode(*from_json);
  EXPECT_EQ(packed, msgpack::encode(value_of(R"({"a":1,"x":{"y":[1,2.5]},"z":"é"})")));
  const auto from_msgpack = msgpack::decode<KeepsRaw>(packed.bytes());
  ASSERT_TRUE(from_msgpack);
  EXPECT_EQ(msgpack::encode(*from_msgpack), packed);
  EXPECT_EQ(json::encode(*from_msgpack), R"({"a":1,"x":{"y":[1,2.5]},"z":"é"})");
}

TEST(MemberRules, kept_fields_of_a_reused_object_are_those_of_the_last_input) {
  KeepsValues reused;
  ASSERT_TRUE(json::decode_into(R"({"a":1,"last":"","x":1})", reused));
  ASSERT_TRUE(json::decode_into(R"({"a":1,"last":"","y":2})", reused));
  EXPECT_EQ(reused.rest, (std::map<std::string, Value>{{"y", 2}}));
}

struct Texts {
  Bytes plain;
  Bytes hexed;
  Buffer url;
  using wire = Rules<member<&Texts::hexed, hex>, member<&Texts::url, base64url>>;
};

TEST(MemberRules, bytes_stand_as_the_text_that_the_rule_says_or_as_bytes) {
  const Bytes bytes{std::byte{0xFB}, std::byte{0xEF}, std::byte{0xFF}, std::byte{0}};
  const Texts texts{bytes, bytes, Buffer(bytes)};
  EXPECT_EQ(json::encode(texts), R"({"plain":"++//AA==","hexed":"fbefff00","url":"--__AA"})");
  const auto back = json::decode<Texts>(json::encode(texts));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_TRUE(equal(*back, texts));
  EXPECT_EQ(json::decode<Texts>(R"({"plain":"","hexed":"FBEF","url":"--__AA=="})")->hexed.size(), 2u);
  const auto packed = msgpack::decode<Texts>(msgpack::encode(texts).bytes());
  ASSERT_TRUE(packed);
  EXPECT_TRUE(equal(*packed, texts));
  EXPECT_EQ(*to_value(texts).find("hexed"), Value(bytes));
  EXPECT_EQ(json::decode<Texts>(R"({"plain":"","hexed":"abc","url":""})").error().message(),
            "Invalid hex encoded string - at `$.hexed`");
  EXPECT_EQ(json::decode<Texts>(R"({"plain":"","hexed":"","url":"+"})").error().message(),
            "Invalid base64url encoded string - at `$.url`");
  EXPECT_EQ(json::decode<Texts>(R"({"plain":"","hexed":1,"url":""})").error().message(),
            "Expected `bytes`, got `int` - at `$.hexed`");
}

template <class Number>
bool is_positive(Number number) {
  return number > 0;
}
constexpr auto positive = [](int number) { return number > 0; };
constexpr bool (*positive_pointer)(int) = positive;
struct Nonzero {
  int number = 1;
  bool holds() const { return number != 0; }
  static bool is_small(const Nonzero& value) { return value.number < 100; }
  using wire = Rules<validated_by<&Nonzero::holds>, validated_by<&Nonzero::is_small>>;
};
struct Named {
  int by_template = 1;
  int by_lambda = 1;
  int by_pointer = 1;
  std::optional<Nonzero> inside;
  using wire = Rules<all_defaulted, member<&Named::by_template, validated_by<is_positive<int>>>,
                     member<&Named::by_lambda, validated_by<positive>>,
                     member<&Named::by_pointer, validated_by<positive_pointer>>>;
};

TEST(MemberRules, a_validator_that_gives_no_sentence_is_named_where_it_has_a_name) {
  EXPECT_EQ(refusal<Named>(R"({"by_template":0})"), "Expected a value that passes `is_positive` - at `$.by_template`");
  EXPECT_EQ(refusal<Named>(R"({"by_lambda":0})"), "Invalid value - at `$.by_lambda`");
  EXPECT_EQ(refusal<Named>(R"({"by_pointer":0})"), "Invalid value - at `$.by_pointer`");
  EXPECT_EQ(refusal<Named>(R"({"inside":{"number":0}})"), "Expected a value that passes `holds` - at `$.inside`");
  EXPECT_EQ(refusal<Named>(R"({"inside":{"number":100}})"), "Expected a value that passes `is_small` - at `$.inside`");
}

// A class that has no wire form of its own.
class Celsius {
 public:
  Celsius() = default;
  explicit Celsius(double degrees) : degrees_(degrees) {}
  double degrees() const { return degrees_; }
  bool operator==(const Celsius&) const = default;

 private:
  double degrees_ = 0;
};
struct AsKelvin {
  using wire_type = double;
  static double to_wire(const Celsius& value) { return value.degrees() + 273; }
  static std::expected<Celsius, std::string> from_wire(double kelvin) {
    if (kelvin < 0) return std::unexpected("below absolute zero");
    if (kelvin > 1e6) throw std::runtime_error("too hot");
    return Celsius(kelvin - 273);
  }
};

}  // namespace
}  // namespace structwire::testing

template <>
struct structwire::codec_for<structwire::testing::Celsius> : structwire::testing::AsKelvin {};

namespace structwire::testing {
namespace {

struct SecondsAsText {
  using wire_type = std::string;
  static std::string to_wire(const int& seconds) { return std::to_string(seconds) + "s"; }
  static std::expected<int, std::string> from_wire(std::string text) {
    if (!text.ends_with('s')) return std::unexpected("no seconds");
    return std::stoi(text);
  }
};

struct Coded {
  Celsius temperature;
  int pause = 0;
  std::vector<Annotated<int, with<SecondsAsText>>> pauses;
  std::optional<Celsius> perhaps;
  using wire = Rules<member<&Coded::pause, with<SecondsAsText>, le(60)>, member<&Coded::pauses, defaulted>>;
};

TEST(MemberRules, codecs_carry_a_value_as_another_type) {
  const Coded coded{Celsius(7), 5, {1, 2}, Celsius(0)};
  const char* const text = R"({"temperature":280.0,"pause":"5s","pauses":["1s","2s"],"perhaps":273.0})";
  EXPECT_EQ(encoded(coded), text);
  EXPECT_TRUE(equal(decoded<Coded>(text), coded));
  EXPECT_EQ(refusal<Coded>(R"({"temperature":"x","pause":"5s"})"), "Expected `float`, got `str` - at `$.temperature`");
  EXPECT_EQ(refusal<Coded>(R"({"temperature":-1.0,"pause":"5s"})"), "below absolute zero - at `$.temperature`");
  EXPECT_EQ(refusal<Coded>(R"({"temperature":1e7,"pause":"5s"})"), "too hot - at `$.temperature`");
  EXPECT_EQ(refusal<Coded>(R"({"temperature":1.0,"pause":"61s"})"), "Expected `int` <= 60 - at `$.pause`");
  EXPECT_EQ(refusal<Coded>(R"({"temperature":1.0,"pause":"1s","pauses":["1s","2"]})"), "no seconds - at `$.pauses[1]`");
  EXPECT_EQ(refusal<Coded>(R"({"temperature":1.0,"pause":"1s","perhaps":"x"})"),
            "Expected `float | null`, got `str` - at `$.perhaps`");
}

// A class that only the rule of a member carries.
class Fahrenheit {
 public:
  Fahrenheit() = default;
  explicit Fahrenheit(int degrees) : degrees_(degrees) {}
  int degrees() const { return degrees_; }

 private:
  int degrees_ = 0;
};
struct AsNumber {
  using wire_type = int;
  static int to_wire(const Fahrenheit& value) { return value.degrees(); }
  static Fahrenheit from_wire(int degrees) { return Fahrenheit(degrees); }
};
struct Weather {
  Fahrenheit now;
  std::optional<Fahrenheit> later;
  std::vector<Annotated<Fahrenheit, with<AsNumber>>> before;
  using wire = Rules<member<&Weather::now, with<AsNumber>>, member<&Weather::later, with<AsNumber>>>;
};

TEST(MemberRules, a_codec_carries_a_class_that_has_no_wire_form) {
  const Weather weather{Fahrenheit(50), Fahrenheit(60), {Fahrenheit(40)}};
  const char* const text = R"({"now":50,"later":60,"before":[40]})";
  EXPECT_EQ(encoded(weather), text);
  EXPECT_EQ(msgpack::decode<Weather>(msgpack::encode(value_of(text)).bytes())->before[0].degrees(), 40);
  EXPECT_EQ(json::decode<Weather>(text)->later->degrees(), 60);
  EXPECT_EQ(json::decode<Weather>(R"({"now":"x"})").error().message(), "Expected `int`, got `str` - at `$.now`");
}

bool is_even(int value) { return value % 2 == 0; }
const char* not_empty(const std::string& text) { return text.empty() ? "nothing there" : nullptr; }
std::expected<void, std::string> below_ten(int value) {
  if (value < 10) return {};
  return std::unexpected("ten or more");
}
void throws_on_odd(int value) {
  if (value % 2 != 0) throw std::invalid_argument("odd: " + std::to_string(value));
}
void throws_anything(int value) {
  if (value != 0) throw value;
}

struct Asked {
  int even = 0;
  std::string text = "a";
  std::optional<int> small;
  std::vector<Annotated<int, validated_by<throws_on_odd>>> thrown;
  int last = 0;
  using wire = Rules<all_defaulted, member<&Asked::even, validated_by<is_even>, ge(0)>,
                     member<&Asked::text, validated_by<not_empty>>, member<&Asked::small, validated_by<below_ten>>,
                     member<&Asked::last, validated_by<throws_anything>>>;
};

TEST(MemberRules, validators_say_no_in_many_ways) {
  EXPECT_TRUE(equal(decoded<Asked>(R"({"even":2,"text":"b","small":9,"thrown":[2]})"), Asked{2, "b", 9, {2}}));
  EXPECT_EQ(refusal<Asked>(R"({"even":3})"), "Expected a value that passes `is_even` - at `$.even`");
  EXPECT_EQ(refusal<Asked>(R"({"even":-2})"), "Expected `int` >= 0 - at `$.even`");
  EXPECT_EQ(refusal<Asked>(R"({"text":""})"), "nothing there - at `$.text`");
  EXPECT_EQ(refusal<Asked>(R"({"small":10})"), "ten or more - at `$.small`");
  EXPECT_TRUE(equal(decoded<Asked>(R"({"small":null})"), Asked{}));
  EXPECT_EQ(refusal<Asked>(R"({"thrown":[2,3]})"), "odd: 3 - at `$.thrown[1]`");
  EXPECT_EQ(refusal<Asked>(R"({"last":1})"), "A hook threw - at `$.last`");
}

struct Omits {
  std::optional<int> number;
  std::string text;
  std::vector<int> items;
  std::map<std::string, int> entries;
  Raw raw;
  Unset<int> sparse;
  using wire = Rules<member<&Omits::number, omit_empty>, member<&Omits::text, omit_empty, defaulted>,
                     member<&Omits::items, omit_empty, defaulted>, member<&Omits::entries, omit_empty, defaulted>,
                     member<&Omits::raw, omit_empty, defaulted>>;
};

TEST(MemberRules, omit_empty_leaves_out_what_holds_nothing) {
  EXPECT_EQ(encoded(Omits{}), "{}");
  EXPECT_EQ(encoded(Omits{0, " ", {0}, {{"", 0}}, {}, 0}),
            R"({"number":0,"text":" ","items":[0],"entries":{"":0},"sparse":0})");
}

struct Insisted {
  std::optional<int> a;
  int b = 5;
  using wire = Rules<all_defaulted, member<&Insisted::a, required>>;
};

TEST(MemberRules, a_required_optional_must_be_there_and_may_be_null) {
  EXPECT_FALSE(decoded<Insisted>(R"({"a":null})").a.has_value());
  EXPECT_EQ(refusal<Insisted>(R"({"b":1})"), "Object missing required field `a`");
}

struct Zoned {
  std::vector<int> list;
  std::string word;
  double ratio = 1;
  using wire = Rules<all_defaulted, member<&Zoned::list, min_length(1), max_length(2)>,
                     member<&Zoned::word, pattern<"^[a-z]*$">, max_length(3)>,
                     member<&Zoned::ratio, gt(0), multiple_of(0.5)>>;
};

TEST(MemberRules, several_bounds_all_hold) {
  EXPECT_EQ(refusal<Zoned>(R"({"list":[]})"), "Expected `array` of length >= 1 - at `$.list`");
  EXPECT_EQ(refusal<Zoned>(R"({"list":[1,2,3]})"), "Expected `array` of length <= 2 - at `$.list`");
  EXPECT_EQ(refusal<Zoned>(R"({"word":"A"})"), "Expected `str` matching regex '^[a-z]*$' - at `$.word`");
  EXPECT_EQ(refusal<Zoned>(R"({"word":"abcd"})"), "Expected `str` of length <= 3 - at `$.word`");
  EXPECT_EQ(refusal<Zoned>(R"({"ratio":0})"), "Expected `float` > 0.0 - at `$.ratio`");
  EXPECT_EQ(refusal<Zoned>(R"({"ratio":0.7})"), "Expected `float` that's a multiple of 0.5 - at `$.ratio`");
}

}  // namespace
}  // namespace structwire::testing
