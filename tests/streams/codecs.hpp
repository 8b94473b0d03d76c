// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the suites of streams run over: a row per format, and a record that has a bit of everything.
// Nothing below asks which format it is.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/core/equal.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <structwire/streams.hpp>
#include <tests/support/random.hpp>

namespace structwire::testing {

using test::Random;
using test::random_seed;

struct JsonStreams : json::Codec {
  static constexpr const char* name = "json";
};
struct MessagePackStreams : msgpack::Codec {
  static constexpr const char* name = "msgpack";
};
using AllStreams = ::testing::Types<JsonStreams, MessagePackStreams>;

struct Record {
  std::uint64_t id = 0;
  std::string name;
  double amount = 0;
  std::vector<int> counts;
  std::map<std::string, std::optional<std::string>> labels;
  Value extra;

  using wire = Rules<member<&Record::amount, ge(0.0)>, omit_defaults>;
};

/// Texts that need care: quotes, backslashes, brackets, more than a window.
inline std::string text_of(Random& random) {
  static constexpr std::string_view pieces[] = {
      "a", "\"", "\\", "\\\\", "[", "}", "]", "{", "\n", "é", "\x01", ",", ":", "plain text", " "};
  std::string text;
  for (std::uint64_t left = random.below(random.once_in(8) ? 120 : 9); left != 0; --left) {
    text += pieces[random.below(std::size(pieces))];
  }
  return text;
}

inline Record record_of(Random& random) {
  Record record;
  record.id = random.bits() >> random.below(64);
  record.name = text_of(random);
  record.amount = static_cast<double>(random.below(1000)) / 8;
  for (std::uint64_t left = random.below(5); left != 0; --left) {
    record.counts.push_back(static_cast<int>(random.between(-70000, 70000)));
  }
  for (std::uint64_t left = random.below(3); left != 0; --left) {
    record.labels[text_of(random)] =
        random.once_in(2) ? std::optional(text_of(random)) : std::nullopt;
  }
  if (random.once_in(3)) {
    record.extra = Value(Value::Array{Value(true), Value(text_of(random)), Value(Value::Array{}),
                                      Value(Value::Map{})});
  }
  return record;
}

inline std::vector<Record> records_of(Random& random, std::size_t count) {
  std::vector<Record> records;
  while (records.size() < count) records.push_back(record_of(random));
  return records;
}

/// All values of the input, in memory: what streams are held against.
template <class Codec, class T>
Result<void> decode_all(Framing framing, std::span<const std::byte> bytes, std::vector<T>& out,
                        const DecodeOptions& options = {}) {
  const auto input = reader_input<typename Codec::Reader>(bytes);
  if (framing == Framing::array) return decode_with<typename Codec::Reader>(input, out, options);
  return decode_each<typename Codec::Reader, T>(
      input, options, [&](T&& value) { out.push_back(std::move(value)); });
}

/// All values in memory.
template <class Codec, class Values>
Buffer encode_all(Framing framing, const Values& values) {
  Buffer out;
  const Result<void> encoded = framing == Framing::array
                                   ? append_with<typename Codec::Writer>(values, out, {})
                                   : append_lines<typename Codec::Writer>(values, out, {});
  EXPECT_TRUE(encoded.has_value());
  return out;
}

inline std::string told(const Error& error) {
  return std::string(name_of(error.code())) + " at " +
         (error.offset() ? std::to_string(*error.offset()) : std::string("nowhere")) + " " +
         error.path() + ": " + error.message();
}

inline constexpr Framing framings[] = {Framing::values, Framing::array};

}  // namespace structwire::testing
