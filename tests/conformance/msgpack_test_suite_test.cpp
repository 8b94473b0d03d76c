// SPDX-License-Identifier: Apache-2.0
//
// github.com/kawanet/msgpack-test-suite: values with every valid encoding, the shortest first. Each
// encoding decodes to the stated value; ours is the shortest, but for floats, which are always
// float64.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/support/exact_bytes.hpp>
#include <tests/support/shared_data.hpp>

namespace structwire::testing {
namespace {

// `c4-02-00-ff`
Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 3) {
    bytes.push_back(static_cast<std::byte>(std::strtoul(text.substr(i, 2).c_str(), nullptr, 16)));
  }
  return bytes;
}

const std::string& text_of(const Value& value) { return *value.get_if<std::string>(); }

Value integer_of(const std::string& text) {
  if (text.front() == '-') return Value(std::int64_t{std::strtoll(text.c_str(), nullptr, 10)});
  return Value(std::uint64_t{std::strtoull(text.c_str(), nullptr, 10)});
}

void append_big_endian(Bytes& out, std::uint64_t value, int size) {
  for (int i = size - 1; i >= 0; --i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

// The three forms of the timestamp extension.
Ext timestamp(std::int64_t seconds, std::uint32_t nanoseconds) {
  Ext ext{-1, {}};
  const auto unsigned_seconds = static_cast<std::uint64_t>(seconds);
  if (unsigned_seconds >> 34 != 0) {
    append_big_endian(ext.data, nanoseconds, 4);
    append_big_endian(ext.data, unsigned_seconds, 8);
  } else if (nanoseconds != 0 || unsigned_seconds >> 32 != 0) {
    append_big_endian(ext.data, std::uint64_t{nanoseconds} << 34 | unsigned_seconds, 8);
  } else {
    append_big_endian(ext.data, unsigned_seconds, 4);
  }
  return ext;
}

Value stated_value(const Value& test) {
  if (const Value* bignum = test.find("bignum")) return integer_of(text_of(*bignum));
  if (const Value* binary = test.find("binary")) return from_hex(text_of(*binary));
  if (const Value* ext = test.find("ext")) {
    const auto& parts = *ext->get_if<Value::Array>();
    return Ext{static_cast<std::int8_t>(*parts[0].get_if<std::int64_t>()),
               from_hex(text_of(parts[1]))};
  }
  if (const Value* time = test.find("timestamp")) {
    const auto& parts = *time->get_if<Value::Array>();
    return timestamp(*parts[0].get_if<std::int64_t>(),
                     static_cast<std::uint32_t>(*parts[1].get_if<std::int64_t>()));
  }
  for (const char* plain : {"nil", "bool", "number", "string", "array", "map"}) {
    if (const Value* value = test.find(plain)) return *value;
  }
  return Ext{};
}

// The suite gives encodings as floats for integers, too.
bool same_number_or_value(const Value& decoded, const Value& stated) {
  const auto* number = decoded.get_if<double>();
  const auto* integer = stated.get_if<std::int64_t>();
  const auto* large = stated.get_if<std::uint64_t>();
  if (number != nullptr && integer != nullptr) return *number == static_cast<double>(*integer);
  if (number != nullptr && large != nullptr) return *number == static_cast<double>(*large);
  return decoded == stated;
}

TEST(MsgpackTestSuite, every_encoding_decodes_and_ours_is_the_shortest) {
  const auto folder = shared_folder("msgpack-test-suite");
  STRUCTWIRE_NEED_FOLDER(folder);
  const auto suite = json::decode<Value>(file_content(folder / "msgpack-test-suite.json"));
  ASSERT_TRUE(suite) << suite.error().message();
  int values = 0;
  int encodings = 0;
  for (const auto& [group, tests] : *suite->get_if<Value::Map>()) {
    for (const Value& test : *tests.get_if<Value::Array>()) {
      const Value stated = stated_value(test);
      const auto& forms = *test.find("msgpack")->get_if<Value::Array>();
      for (const Value& form : forms) {
        const ExactBytes bytes(from_hex(text_of(form)));
        const auto decoded = msgpack::decode<Value>(bytes.bytes());
        ASSERT_TRUE(decoded) << text_of(form) << ": " << decoded.error().message();
        EXPECT_TRUE(same_number_or_value(*decoded, stated)) << text_of(form);
        ++encodings;
      }
      const Buffer ours = msgpack::encode(stated);
      EXPECT_TRUE(std::ranges::any_of(forms, [&](const Value& form) {
        return ours == Buffer(from_hex(text_of(form)));
      })) << text_of(forms[0]);
      if (stated.get_if<double>() == nullptr) {
        EXPECT_EQ(ours.size(), from_hex(text_of(forms[0])).size()) << text_of(forms[0]);
      }
      ++values;
    }
  }
  std::printf("%d values, %d encodings\n", values, encodings);
}

}  // namespace
}  // namespace structwire::testing
