// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/convert.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace structwire {
namespace {

struct Place {
  std::string name;
  std::optional<double> height;
  friend bool operator==(const Place&, const Place&) = default;
};

struct Trip {
  std::uint8_t days = 0;
  Bytes ticket;
  std::vector<Place> places;
  std::map<std::int32_t, std::string> notes;
  int priority = 5;
  using wire =
      Rules<member<&Trip::priority, defaulted, between(0, 9), name<"rank">>, forbid_unknown_fields>;
  friend bool operator==(const Trip&, const Trip&) = default;
};

struct Holder {
  Raw raw;
};

Value text_map(Value::Map entries) { return Value(std::move(entries)); }

Trip example() {
  return {3, Bytes{std::byte{7}}, {{"Ulm", 478.0}, {"Kiel", std::nullopt}}, {{-1, "a"}}, 2};
}

template <class T>
std::string refusal(const Value& value) {
  const auto converted = convert<T>(value);
  if (converted) return "accepted";
  EXPECT_FALSE(converted.error().offset().has_value());
  return converted.error().message();
}

TEST(Convert, a_struct_becomes_a_map_of_its_wire_names) {
  const Value value = to_value(example());
  const auto* entries = value.get_if<Value::Map>();
  ASSERT_NE(entries, nullptr);
  ASSERT_EQ(entries->size(), 5u);
  EXPECT_EQ(entries->at(0).key, Value("days"));
  EXPECT_EQ(*value.find("days"), Value(3));
  EXPECT_EQ(*value.find("ticket"), Value(Bytes{std::byte{7}}));
  EXPECT_EQ(*value.find("notes"), text_map({{Value(-1), Value("a")}}));
  EXPECT_EQ(*value.find("rank"), Value(2));
  EXPECT_TRUE(value.find("places")->get_if<Value::Array>()->at(1).find("height")->is_null());
}

TEST(Convert, a_struct_comes_back_from_its_value) {
  const auto back = convert<Trip>(to_value(example()));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(*back, example());
}

TEST(Convert, refusals_name_the_kind_and_the_path_and_no_offset) {
  EXPECT_EQ(refusal<int>(Value()), "Expected `int`, got `null`");
  EXPECT_EQ(refusal<int>(Value("1")), "Expected `int`, got `str`");
  EXPECT_EQ(refusal<std::string>(Value(Bytes())), "Expected `str`, got `bytes`");
  EXPECT_EQ(refusal<Bytes>(Value("YQ=")), "Invalid base64 encoded string");
  EXPECT_EQ(refusal<bool>(Value(1)), "Expected `bool`, got `int`");
  EXPECT_EQ(refusal<double>(Value(Ext{1, {}})), "Expected `float`, got `ext`");
  EXPECT_EQ(refusal<std::uint8_t>(Value(256)), "Expected `int` <= 255");
  EXPECT_EQ(refusal<std::uint8_t>(Value(-1)), "Expected `int` >= 0");
  EXPECT_EQ(refusal<std::int64_t>(Value(~std::uint64_t{0})),
            "Expected `int` <= 9223372036854775807");
  EXPECT_EQ(refusal<float>(Value(1e300)), "Number out of range");
  EXPECT_EQ(refusal<Trip>(Value(Value::Array())), "Expected `object`, got `array`");
  EXPECT_EQ(refusal<Trip>(text_map({})), "Object missing required field `days`");
  EXPECT_EQ(refusal<Trip>(text_map({{"nights", 1}})), "Object contains unknown field `nights`");
  EXPECT_EQ(refusal<Trip>(text_map({{"rank", 10}})), "Expected `int` <= 9 - at `$.rank`");
  EXPECT_EQ(refusal<Trip>(text_map({{1, 10}})), "Expected `str`, got `int` - at `key` in `$`");
  EXPECT_EQ(refusal<Trip>(
                text_map({{"places", Value::Array{text_map({{"name", "x"}, {"height", true}})}}})),
            "Expected `float | null`, got `bool` - at `$.places[0].height`");
}

TEST(Convert, integers_become_floats_and_never_the_other_way) {
  EXPECT_EQ(convert<double>(Value(3)), 3.0);
  EXPECT_EQ(convert<double>(Value(~std::uint64_t{0})), 18446744073709551615.0);
  EXPECT_EQ(refusal<int>(Value(3.0)), "Expected `int`, got `float`");
}

TEST(Convert, text_must_be_utf8) {
  EXPECT_EQ(refusal<std::string>(Value(std::string("\xff"))), "Text that is not UTF-8");
  EXPECT_EQ(to_value(std::string("a\xff")), Value("a\xef\xbf\xbd"));
  Value kept(1);
  EXPECT_FALSE(to_value_into(std::string("\xff"), kept));
  EXPECT_EQ(kept, Value(1));
}

TEST(Convert, a_raw_member_needs_a_format_to_be_kept_in) {
  EXPECT_EQ(refusal<Holder>(text_map({{"raw", 1}})),
            "A Raw member needs DecodeOptions::raw_format - at `$.raw`");
  EXPECT_TRUE(to_value(Holder{}).find("raw")->is_null());
}

TEST(Convert, a_reused_object_takes_the_new_value) {
  Trip trip = example();
  ASSERT_TRUE(convert_into(
      text_map(
          {{"days", 1}, {"ticket", Bytes()}, {"places", Value::Array()}, {"notes", Value::Map()}}),
      trip));
  EXPECT_EQ(trip, (Trip{1, {}, {}, {}, 5}));
}

}  // namespace
}  // namespace structwire
