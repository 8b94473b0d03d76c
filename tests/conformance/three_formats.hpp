// SPDX-License-Identifier: Apache-2.0
#pragma once

// The same check over JSON, MessagePack and Value: what a rule means does not depend on the format. Inputs and
// outputs are written as JSON; the other two are that JSON transcoded, so values are such as JSON can say.

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <structwire/core/convert.hpp>
#include <structwire/core/equal.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::testing {

inline Value value_of(std::string_view json) {
  auto value = json::decode<Value>(json);
  EXPECT_TRUE(value.has_value()) << json;
  return value ? std::move(*value) : Value();
}

/// What `value` is as JSON, and, checked on the way, as MessagePack and as a Value.
template <class T>
std::string encoded(const T& value, const EncodeOptions& options = {}) {
  std::string text = json::encode(value, options);
  const Value expected = value_of(text);
  const auto back = msgpack::decode<Value>(msgpack::encode(value, options).bytes());
  EXPECT_TRUE(back.has_value()) << text;
  if (back) {
    EXPECT_EQ(json::encode(*back), json::encode(expected));
  }
  EXPECT_EQ(json::encode(to_value(value, options)), json::encode(expected));
  return text;
}

/// `json` as a T, the same from all three. A T{} where it is refused.
template <class T>
T decoded(std::string_view json, const DecodeOptions& options = {}) {
  const auto from_json = json::decode<T>(json, options);
  EXPECT_TRUE(from_json.has_value()) << json << ": " << (from_json ? "" : from_json.error().message());
  if (!from_json) return T{};
  const auto from_msgpack = msgpack::decode<T>(msgpack::encode(value_of(json)).bytes(), options);
  EXPECT_TRUE(from_msgpack.has_value()) << json << ": " << (from_msgpack ? "" : from_msgpack.error().message());
  const auto from_value = convert<T>(value_of(json), options);
  EXPECT_TRUE(from_value.has_value()) << json << ": " << (from_value ? "" : from_value.error().message());
  if (from_msgpack) {
    EXPECT_TRUE(equal(*from_msgpack, *from_json)) << json;
  }
  if (from_value) {
    EXPECT_TRUE(equal(*from_value, *from_json)) << json;
  }
  return *from_json;
}

/// The sentence that refuses `json`, the same from all three.
template <class T>
std::string refusal(std::string_view json, const DecodeOptions& options = {}) {
  const auto from_json = json::decode<T>(json, options);
  const auto from_msgpack = msgpack::decode<T>(msgpack::encode(value_of(json)).bytes(), options);
  const auto from_value = convert<T>(value_of(json), options);
  EXPECT_FALSE(from_json.has_value()) << json;
  if (from_json) return {};
  EXPECT_EQ(from_msgpack ? "" : from_msgpack.error().message(), from_json.error().message());
  EXPECT_EQ(from_value ? "" : from_value.error().message(), from_json.error().message());
  return from_json.error().message();
}

}  // namespace structwire::testing
