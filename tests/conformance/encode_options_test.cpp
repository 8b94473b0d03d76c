// SPDX-License-Identifier: Apache-2.0
//
// What the options of an encode do to the keys of maps and to order, in every format.

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include <gtest/gtest.h>

#include <structwire/core/date.hpp>
#include <structwire/core/decimal.hpp>
#include <tests/conformance/three_formats.hpp>

namespace structwire::testing {
namespace {
enum class Size { small, large };
}  // namespace
}  // namespace structwire::testing

template <>
inline constexpr auto structwire::enum_values<structwire::testing::Size> =
    structwire::by_value<structwire::testing::Size::small, structwire::testing::Size::large>;

namespace structwire::testing {
namespace {

using std::chrono::year_month_day;

constexpr EncodeOptions text_keys{.text_keys = true};

// The keys that MessagePack and a Value have, as JSON shows a list of them.
template <class T>
std::string keys_of(const T& map, const EncodeOptions& options = text_keys) {
  const auto packed = msgpack::decode<Value>(msgpack::encode(map, options));
  EXPECT_TRUE(packed.has_value());
  const Value held = to_value(map, options);
  if (packed) {
    EXPECT_EQ(*packed, held);
  }
  Value::Array keys;
  for (const auto& entry : *held.get_if<Value::Map>()) keys.push_back(entry.key);
  return json::encode(Value(std::move(keys)));
}

template <class Key>
void expect_back(const std::map<Key, int>& map) {
  DecodeOptions options;
  options.text_keys = true;
  const auto back = msgpack::decode<std::map<Key, int>>(msgpack::encode(map, text_keys), options);
  ASSERT_TRUE(back.has_value()) << back.error().message();
  EXPECT_EQ(*back, map);
}

TEST(TextKeys, are_the_texts_of_numbers_dates_and_enums_in_formats_that_carry_these) {
  const std::map<std::int64_t, int> numbers{{-5, 1}, {70000, 2}};
  EXPECT_EQ(keys_of(numbers), R"(["-5","70000"])");
  EXPECT_EQ(keys_of(numbers, {}), "[-5,70000]");
  expect_back(numbers);
  EXPECT_EQ(keys_of(std::map<double, int>{{0.5, 1}}), R"(["0.5"])");
  const std::map<year_month_day, int> dates{{year_month_day(std::chrono::year(2024) / 2 / 29), 1}};
  EXPECT_EQ(keys_of(dates), R"(["2024-02-29"])");
  expect_back(dates);
  EXPECT_EQ(keys_of(std::map<Size, int>{{Size::small, 1}, {Size::large, 2}}), R"(["0","1"])");
  EXPECT_EQ(keys_of(std::map<Bytes, int>{{Bytes{std::byte{255}}, 1}}), R"(["/w=="])");
  EXPECT_EQ(keys_of(std::map<Annotated<int, ge(0)>, int>{{7, 1}}), R"(["7"])");
}

TEST(TextKeys, leave_alone_what_has_no_text) {
  EXPECT_EQ(keys_of(std::map<bool, int>{{true, 1}}), "[true]");
  EXPECT_EQ(keys_of(std::map<std::pair<int, int>, int>{{{1, 2}, 1}}), "[[1,2]]");
  const Value value(Value::Map{{1, 1}, {-2.5, 2}, {Bytes{std::byte{1}}, 3}, {true, 4}, {Value(), 5}, {"t", 6}});
  EXPECT_EQ(keys_of(value), R"(["1","-2.5","AQ==",true,null,"t"])");
}

// In JSON, and with these options in MessagePack, every key is text.
TEST(TextKeys, of_a_literal_of_texts_and_integers_are_read_back) {
  using Key = Literal<"auto", 3, -1, "7", 7>;
  const std::map<Key, int> map{{Key("auto"), 1}, {Key(3), 2}, {Key(-1), 3}, {Key("7"), 4}};
  EXPECT_EQ(json::encode(map), R"({"auto":1,"3":2,"-1":3,"7":4})");
  const auto back = json::decode<std::map<Key, int>>(json::encode(map));
  ASSERT_TRUE(back.has_value()) << back.error().message();
  EXPECT_EQ(*back, map);
  DecodeOptions lax;
  lax.lax = true;
  const auto lax_back = json::decode<std::map<Key, int>>(json::encode(map), lax);
  ASSERT_TRUE(lax_back.has_value()) << lax_back.error().message();
  EXPECT_EQ(*lax_back, map);
  expect_back(map);
  EXPECT_EQ((json::decode<std::map<Key, int>>(R"({"4":1})").error().message()),
            "Invalid enum value 4 - at `key` in `$`");
  EXPECT_EQ((json::decode<std::map<Key, int>>(R"({"3.0":1})").error().message()),
            "Invalid enum value '3.0' - at `key` in `$`");
}

struct Keeping {
  int b = 1;
  int d = 2;
  std::unordered_map<std::string, Value> rest;
  using wire = Rules<tag<"k">, tag_field<"t">, member<&Keeping::rest, keep_unknown_fields>>;
};
struct KeepingOnly {
  std::map<std::string, Value> rest;
  using wire = Rules<member<&KeepingOnly::rest, keep_unknown_fields>>;
};

TEST(Order, sorted_puts_kept_unknown_fields_among_the_members) {
  const Keeping keeping{.rest = {{"a", 3}, {"c", 4}, {"z", 5}, {"e", 6}}};
  EXPECT_EQ(encoded(keeping, {.order = Order::sorted}), R"({"a":3,"b":1,"c":4,"d":2,"e":6,"t":"k","z":5})");
  EXPECT_EQ(encoded(keeping, {.order = Order::deterministic}), R"({"t":"k","b":1,"d":2,"a":3,"c":4,"e":6,"z":5})");
  EXPECT_EQ(encoded(KeepingOnly{{{"z", 1}, {"a", 2}}}, {.order = Order::sorted}), R"({"a":2,"z":1})");
}

TEST(Order, sorts_maps_and_sets_whose_comparator_is_not_less) {
  const std::map<std::string, int, std::greater<>> downwards{{"a", 1}, {"b", 2}};
  EXPECT_EQ(encoded(downwards), R"({"b":2,"a":1})");
  EXPECT_EQ(encoded(downwards, {.order = Order::deterministic}), R"({"a":1,"b":2})");
  EXPECT_EQ(encoded(std::set<int, std::greater<int>>{1, 2}, {.order = Order::sorted}), "[1,2]");
  EXPECT_EQ(encoded(std::map<std::string, int, std::less<>>{{"a", 1}, {"b", 2}}, {.order = Order::sorted}),
            R"({"a":1,"b":2})");
}

}  // namespace
}  // namespace structwire::testing
