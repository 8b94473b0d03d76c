// SPDX-License-Identifier: Apache-2.0
//
// What encode and to_value write for data that append_to refuses: the nearest that the format can say. They end the
// program for no data.

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <tests/conformance/three_formats.hpp>

namespace structwire::testing {
namespace {
enum class Colour { red, green };
}  // namespace
}  // namespace structwire::testing

template <>
inline constexpr auto structwire::enum_values<structwire::testing::Colour> =
    structwire::by_name<structwire::testing::Colour::red, structwire::testing::Colour::green>;

namespace structwire::testing {
namespace {

constexpr auto unlisted = static_cast<Colour>(77);

struct Paint {
  Colour colour = Colour::red;
  std::vector<Colour> others;
};
struct Held {
  Raw raw;
};

Raw json_raw(std::string_view text) { return Raw::trusted(json::format(), Buffer(std::as_bytes(std::span(text)))); }

TEST(TotalEncode, writes_the_number_of_an_enumerator_without_a_name) {
  EXPECT_EQ(encoded(Paint{unlisted, {Colour::green, unlisted}}), R"({"colour":77,"others":["green",77]})");
  EXPECT_EQ(encoded(static_cast<Colour>(-1)), "-1");
  EXPECT_EQ(encoded(std::map<std::string, Colour>{{"a", unlisted}}), R"({"a":77})");
  Buffer out;
  EXPECT_EQ(json::append_to(unlisted, out).error().code(), ErrorCode::invalid_enum_value);
  EXPECT_EQ(msgpack::append_to(unlisted, out).error().code(), ErrorCode::invalid_enum_value);
  Value value;
  EXPECT_EQ(to_value_into(unlisted, value).error().code(), ErrorCode::invalid_enum_value);
  const std::map<Colour, int> keys{{unlisted, 1}};
  EXPECT_EQ(json::encode(keys), R"({"77":1})");
  EXPECT_EQ(json::append_to(keys, out).error().code(), ErrorCode::invalid_enum_value);
  EXPECT_EQ(msgpack::append_to(keys, out, {.text_keys = true}).error().code(), ErrorCode::invalid_enum_value);
  EXPECT_TRUE(out.empty());
}

Value raw_in_messagepack(std::string_view json) {
  const Held held{json_raw(json)};
  const auto there = msgpack::decode<Value>(msgpack::encode(held));
  EXPECT_TRUE(there.has_value()) << json;
  EXPECT_EQ(to_value(held), *there) << json;
  return *there->find("raw");
}

TEST(TotalEncode, takes_the_nearest_double_for_numbers_of_a_raw_beyond_it) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(raw_in_messagepack("1e999"), Value(infinity));
  EXPECT_EQ(raw_in_messagepack("[-1e999,1]"), Value(Value::Array{-infinity, 1}));
  EXPECT_EQ(raw_in_messagepack("18446744073709551615"), Value(std::numeric_limits<std::uint64_t>::max()));
  EXPECT_EQ(raw_in_messagepack("18446744073709551616"), Value(18446744073709551616.0));
  EXPECT_EQ(raw_in_messagepack("-9223372036854775809"), Value(-9223372036854775808.0));
  EXPECT_EQ(raw_in_messagepack(std::string(5000, '9')), Value(infinity));
  EXPECT_EQ(raw_in_messagepack("0." + std::string(5000, '3')), Value(1.0 / 3));
  Buffer out;
  EXPECT_EQ(msgpack::append_to(Held{json_raw("1e999")}, out).error().code(), ErrorCode::number_out_of_range);
}

TEST(TotalEncode, takes_null_for_a_raw_that_is_no_value) {
  EXPECT_EQ(raw_in_messagepack("[1,"), Value());
  EXPECT_EQ(raw_in_messagepack(std::string(600, '[') + std::string(600, ']')), Value());
  const Held broken{Raw::trusted(msgpack::format(), Buffer(std::as_bytes(std::span("\xc1", 1))))};
  EXPECT_EQ(json::encode(broken), R"({"raw":null})");
}

}  // namespace
}  // namespace structwire::testing
