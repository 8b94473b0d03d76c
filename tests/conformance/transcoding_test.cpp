// SPDX-License-Identifier: Apache-2.0
//
// One value through several self-describing formats: by Value, by Raw, by struct. What a format has
// no form for is shown as docs/formats say.

#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/core/convert.hpp>
#include <structwire/core/datetime.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/support/same.hpp>
#include <tests/support/sample_structs.hpp>

namespace structwire::testing {
namespace {

struct Envelope {
  std::int32_t id = 0;
  Raw payload;
  std::optional<Raw> extra;
};

Bytes bytes_of(std::initializer_list<int> values) {
  Bytes bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

std::string as_json(const Value& value) { return json::encode(value); }

Raw json_raw(std::string_view text) {
  auto raw = Raw::checked(json::format(), std::as_bytes(std::span(text)));
  EXPECT_TRUE(raw);
  return std::move(*raw);
}

TEST(Transcoding, values_pass_from_json_to_messagepack_and_back) {
  for (const Value& value : samples<Value>()) {
    const auto from_json = json::decode<Value>(json::encode(value));
    ASSERT_TRUE(from_json);
    const auto from_msgpack = msgpack::decode<Value>(msgpack::encode(*from_json));
    ASSERT_TRUE(from_msgpack);
    EXPECT_TRUE(same(value, *from_msgpack));
  }
}

TEST(Transcoding, a_raw_of_another_format_becomes_the_same_value) {
  const Envelope written{1, json_raw(R"( {"a": [1, 2.0, null, "\u20ac"], "b": {}} )"),
                         json_raw("true")};
  const Buffer bytes = msgpack::encode(written);
  const auto read = msgpack::decode<Envelope>(bytes);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->payload.format(), &msgpack::format());
  EXPECT_EQ(json::encode(*read),
            "{\"id\":1,\"payload\":{\"a\":[1,2.0,null,\"\xe2\x82\xac\"],\"b\":{}},\"extra\":true}");
}

TEST(Transcoding, a_raw_of_the_same_format_is_spliced_byte_for_byte) {
  const std::string text = R"({"id":1,"payload":{ "spaced" : 1e2 , "a":"\u0041" },"extra":null})";
  const auto read = json::decode<Envelope>(text);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(json::encode(*read), text);
}

TEST(Transcoding, an_empty_raw_is_null_in_every_format) {
  EXPECT_EQ(json::encode(Envelope{}), R"({"id":0,"payload":null,"extra":null})");
  EXPECT_TRUE(to_value(Envelope{}).find("payload")->is_null());
}

TEST(Transcoding, a_raw_reaches_a_value_and_comes_back_in_the_wanted_format) {
  const Value value = to_value(Envelope{1, json_raw("[1,2]"), std::nullopt});
  EXPECT_EQ(*value.find("payload"), Value(Value::Array{1, 2}));
  DecodeOptions options;
  options.raw_format = &json::format();
  const auto back = convert<Envelope>(value, options);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(back->payload, json_raw("[1,2]"));
}

TEST(Transcoding, json_shows_what_it_has_no_form_for) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(as_json(Value(std::nan(""))), "null");
  EXPECT_EQ(as_json(Value(Value::Array{infinity, -infinity})), "[null,null]");
  EXPECT_EQ(as_json(Value(bytes_of({0, 255, 16}))), "\"AP8Q\"");
  EXPECT_EQ(as_json(Value(Ext{5, bytes_of({1, 2})})), R"({"$ext":5,"data":"AQI="})");
  EXPECT_EQ(as_json(Value(Ext{-1, {}})), R"({"$ext":-1,"data":""})");
}

TEST(Transcoding, json_shows_keys_that_are_no_text_as_their_json_text) {
  EXPECT_EQ(as_json(Value(Value::Map{{1, 1}, {-2.5, 2}, {true, 3}, {Value(), 4}})),
            R"({"1":1,"-2.5":2,"true":3,"null":4})");
  EXPECT_EQ(as_json(Value(Value::Map{{Value::Array{1, "a"}, 1}})), R"({"[1,\"a\"]":1})");
  EXPECT_EQ(as_json(Value(Value::Map{{Value::Map{{"k", "\n"}}, 1}})), R"({"{\"k\":\"\\n\"}":1})");
}

TEST(Transcoding, messagepack_raws_with_such_values_become_the_shown_json) {
  const Value value(
      Value::Map{{1, bytes_of({1})}, {"nan", std::nan("")}, {"ext", Ext{7, bytes_of({0})}}});
  const Envelope written{1, Raw::trusted(msgpack::format(), msgpack::encode(value)), std::nullopt};
  EXPECT_EQ(
      json::encode(written),
      R"({"id":1,"payload":{"1":"AQ==","nan":null,"ext":{"$ext":7,"data":"AA=="}},"extra":null})");
}

TEST(Transcoding, timestamps_without_a_type_are_text_in_json_that_timestamps_read) {
  using Instant = std::chrono::sys_time<std::chrono::nanoseconds>;
  struct Event {
    Instant at;
  };
  struct Untyped {
    Raw at;
  };
  for (const std::int64_t nanoseconds : {0ll, -1ll, 1'700'000'000'000'000'000ll, 1'700'000'000'123'456'789ll}) {
    const Event event{Instant(std::chrono::nanoseconds(nanoseconds))};
    const auto raw = msgpack::decode<Untyped>(msgpack::encode(event));
    ASSERT_TRUE(raw);
    EXPECT_EQ(json::encode(*raw), json::encode(event));
    const auto back = json::decode<Event>(json::encode(*raw));
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(back->at, event.at);
    const auto value = msgpack::decode<Value>(msgpack::encode(event));
    ASSERT_TRUE(value);
    EXPECT_EQ(json::encode(*value), json::encode(event));
    EXPECT_EQ(json::encode(Value(Value::Map{{*value->find("at"), 1}})),
              json::encode(std::map<Instant, int>{{event.at, 1}}));
    EXPECT_EQ(to_value(*raw), *value) << "a Value has extensions";
  }
  const Ext beyond{-1, bytes_of({0, 0, 0, 0, 127, 0, 0, 0, 0, 0, 0, 0})};
  EXPECT_EQ(as_json(Value(beyond)), R"({"$ext":-1,"data":"AAAAAH8AAAAAAAAA"})") << "no year that a text has";
  EXPECT_EQ(json::encode(Ext{-1, bytes_of({0, 0, 0, 1})}), R"({"$ext":-1,"data":"AAAAAQ=="})") << "typed: an Ext again";
}

// A number that JSON's grammar allows and no double holds is kept in a Raw, and refused where it
// must become one.
TEST(Transcoding, a_raw_that_another_format_cannot_hold_is_an_error) {
  const auto read = json::decode<Envelope>(R"({"id":1,"payload":1e999,"extra":null})");
  ASSERT_TRUE(read) << read.error().message();
  Buffer out;
  const auto written = msgpack::append_to(*read, out);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message(), "Number out of range");
  EXPECT_TRUE(out.empty());
}

TEST(Transcoding, canonical_bytes_do_not_depend_on_the_format_or_the_order_of_keys) {
  const auto from_json = msgpack::canonical(json_raw(R"({"b":1,"a":[1.0,"x"]})"));
  const Value other(Value::Map{{"a", Value::Array{1.0, "x"}}, {"b", 1}});
  const auto from_value = msgpack::canonical(other);
  ASSERT_TRUE(from_json && from_value);
  EXPECT_EQ(Buffer(from_json->bytes()), *from_value);
  const auto as_integer = msgpack::canonical(json_raw(R"({"b":1,"a":[1,"x"]})"));
  ASSERT_TRUE(as_integer);
  EXPECT_NE(Buffer(as_integer->bytes()), *from_value);
}

}  // namespace
}  // namespace structwire::testing
