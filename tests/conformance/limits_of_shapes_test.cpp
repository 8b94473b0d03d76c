// SPDX-License-Identifier: Apache-2.0
//
// Limits as sets, tuples, variants, fields that are kept, lines and collected errors meet them:
// each is reached exactly, and passed by one. And what a failed call leaves behind: nothing.

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unordered_set>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <tests/conformance/formats.hpp>
#include <tests/support/sample_shapes.hpp>

namespace structwire::testing {
namespace {

using ValueFields = std::map<std::string, Value>;

/// Calls test(Format{}) for each format that is self-describing.
template <class Test>
void in_each_format(Test&& test) {
  const auto in = [&]<class Format>(Format format) {
    SCOPED_TRACE(Format::name);
    test(format);
  };
  in(Json());
  in(MessagePack());
  in(InMemory());
}

/// The code of decoding what `value` is encoded to; none when that succeeds.
template <class To, class Format, class From>
ErrorCode outcome(Format, const From& value, const DecodeOptions& options) {
  const auto written = Format::encode(value);
  if (!written) return written.error().code();
  To out{};
  const auto decoded = Format::decode_into(*written, out, options);
  return decoded ? ErrorCode::none : decoded.error().code();
}

/// `value` is `levels` deep: that many are decoded and encoded, one less is an error.
template <class T>
void expect_depth(unsigned levels, const T& value) {
  in_each_format([&]<class Format>(Format format) {
    DecodeOptions options;
    options.limits.depth = levels;
    EXPECT_EQ(outcome<T>(format, value, options), ErrorCode::none);
    EXPECT_TRUE(Format::encode(value, levels));
    options.limits.depth = levels - 1;
    EXPECT_EQ(outcome<T>(format, value, options), ErrorCode::depth_limit);
    const auto refused = Format::encode(value, levels - 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::depth_limit);
  });
}

TEST(LimitsOfShapes, depth_counts_every_shape_that_nests) {
  expect_depth<std::set<std::vector<std::int32_t>>>(2, {{1}});
  expect_depth<std::tuple<std::pair<std::int32_t, std::tuple<std::int32_t>>>>(3, {{1, {2}}});
  expect_depth<std::variant<std::int32_t, std::vector<std::vector<std::int32_t>>>>(
      2, std::vector<std::vector<std::int32_t>>{{1}});
  expect_depth<std::variant<Circle, Square>>(1, Square{1, "s"});
  expect_depth<ArrayTagged>(3, {{Add{1}}});
  expect_depth<Sum>(3, Sum{Box<Sum>(Sum{Box<Sum>(Sum{1, 2}), 3}), 4});
  expect_depth<Flattened>(1, Flattened{"name", {3, {4, -5}}, true});
  expect_depth<KeepsValues>(3, {1, {{"later", Value::Array{Value::Array{1}}}}});
}

TEST(LimitsOfShapes, a_tag_at_the_end_costs_no_depth) {
  DecodeOptions options;
  options.limits.depth = 2;
  using Shape = std::variant<Circle, Square>;
  EXPECT_TRUE(json::decode<std::vector<Shape>>(
      R"([{"radius":1.5,"kind":"circle"},{"side":1,"name":"","kind":"Square"}])", options));
  const auto deep =
      json::decode<Shape>(R"({"unknown":[[1]],"radius":1.5,"kind":"circle"})", options);
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code(), ErrorCode::depth_limit);
}

TEST(LimitsOfShapes, items_and_entries_have_a_limit) {
  DecodeOptions options;
  options.limits.container_items = 20;
  in_each_format([&]<class Format>(Format format) {
    for (const int size : {20, 21}) {
      std::set<std::int32_t> numbers;
      std::unordered_set<std::string> texts;
      std::map<Level, bool> levels;
      ValueFields values;
      for (int i = 0; i < size; ++i) {
        numbers.insert(i);
        texts.insert(std::to_string(i));
        values[std::to_string(i)] = i;
      }
      const ErrorCode expected = size == 20 ? ErrorCode::none : ErrorCode::size_limit;
      EXPECT_EQ(outcome<std::set<std::int32_t>>(format, numbers, options), expected);
      EXPECT_EQ(outcome<std::unordered_set<std::string>>(format, texts, options), expected);
      EXPECT_EQ(outcome<ValueFields>(format, values, options), expected);
      EXPECT_EQ(
          (outcome<std::variant<std::int32_t, std::set<std::int32_t>>>(format, numbers, options)),
          expected);
    }
  });
}

// What a node of a tree or hash takes beside its content.
constexpr std::size_t node = 4 * sizeof(void*);

template <class T>
void expect_decoded_bytes(std::size_t bytes, const T& value) {
  in_each_format([&](auto format) {
    DecodeOptions options;
    options.limits.decoded_bytes = bytes;
    EXPECT_EQ(outcome<T>(format, value, options), ErrorCode::none);
    options.limits.decoded_bytes = bytes - 1;
    EXPECT_EQ(outcome<T>(format, value, options), ErrorCode::size_limit);
  });
}

TEST(LimitsOfShapes, nodes_of_sets_maps_and_kept_fields_are_counted_in_memory) {
  expect_decoded_bytes<std::set<std::int32_t>>(3 * (sizeof(std::int32_t) + node), {1, 2, 3});
  expect_decoded_bytes<std::unordered_set<std::string>>(2 * (sizeof(std::string) + node),
                                                        {"a", "b"});
  expect_decoded_bytes<std::map<Uuid, bool>>(sizeof(std::pair<const Uuid, bool>) + node,
                                             {{Uuid{}, true}});
  expect_decoded_bytes<KeepsValues>(2 * (sizeof(ValueFields::value_type) + node),
                                    {1, {{"a", 1}, {"b", 2}}});
}

TEST(LimitsOfShapes, digits_of_an_integer_have_a_limit_also_in_keys) {
  DecodeOptions options;
  for (const std::size_t digits : {20u, 19u}) {
    options.limits.number_digits = digits;
    const bool fits = digits == 20;
    EXPECT_EQ(json::decode<std::uint64_t>("18446744073709551615", options).has_value(), fits);
    EXPECT_EQ(json::decode<Value>("18446744073709551615", options).has_value(), fits);
    EXPECT_EQ(
        (json::decode<std::map<std::uint64_t, bool>>(R"({"18446744073709551615":true})", options)
             .has_value()),
        fits);
  }
}

TEST(LimitsOfShapes, lines_have_their_limits_one_by_one_where_they_are_held_one_by_one) {
  using Line = std::set<std::int32_t>;
  const std::string lines = "[1,2,3]\n[1,2,3]\n[1,2,3]\n";
  constexpr std::size_t line_bytes = 3 * (sizeof(std::int32_t) + node);
  DecodeOptions options;
  options.limits.decoded_bytes = line_bytes;
  std::size_t count = 0;
  EXPECT_TRUE(json::for_each_line<Line>(lines, [&](Line&&) { ++count; }, options));
  EXPECT_EQ(count, 3u);
  EXPECT_FALSE(json::decode_lines<Line>(lines, options));
  --options.limits.decoded_bytes;
  const auto refused = json::for_each_line<Line>(lines, [&](Line&&) { ++count; }, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::size_limit);
  EXPECT_EQ(count, 3u);
  // Three lines in a vector that doubles: 1 + 1 + 2 places.
  options.limits.decoded_bytes = 3 * line_bytes + 4 * sizeof(Line);
  EXPECT_TRUE(json::decode_lines<Line>(lines, options));
  --options.limits.decoded_bytes;
  EXPECT_FALSE(json::decode_lines<Line>(lines, options));
}

struct Large {
  std::array<std::int32_t, 1000> numbers{};
  using wire = Rules<all_defaulted>;
};

TEST(LimitsOfShapes, small_lines_of_large_values_are_counted) {
  DecodeOptions options;
  options.limits.decoded_bytes = 100'000;
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "{}\n";
  const auto refused = json::decode_lines<Large>(lines, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::size_limit);
}

TEST(LimitsOfShapes, collected_errors_stop_at_their_limit) {
  for (const std::size_t wrong : {0u, 1u, 2u, 3u, 4u, 300u}) {
    const std::vector<std::string> texts(wrong, "x");
    DecodeOptions options;
    for (const std::size_t allowed : {1u, 3u, 100u}) {
      options.limits.errors = allowed;
      const std::size_t expected = std::min(wrong, allowed);
      const auto json =
          json::decode_checked<std::vector<std::int32_t>>(json::encode(texts), options);
      const auto packed = msgpack::decode_checked<std::vector<std::int32_t>>(
          msgpack::encode(texts).bytes(), options);
      EXPECT_EQ(json ? 0 : json.error().size(), expected);
      EXPECT_EQ(packed ? 0 : packed.error().size(), expected);
    }
  }
}

// ---- what a failed call leaves behind ----

struct Refusing {
  using wire_type = std::int32_t;
  static std::int32_t to_wire(std::int32_t) { throw std::runtime_error("No number today"); }
  static std::int32_t from_wire(std::int32_t number) { return number; }
};
struct Unwritable {
  std::string before = "written first";
  std::int32_t number = 0;
  using wire = Rules<member<&Unwritable::number, with<Refusing>>>;
};

/// Calls check(value) for values that cannot be encoded, each for another reason.
template <class Check>
void each_unwritable(Check&& check) {
  check(std::vector<std::string>{"good", "\xff"}, ErrorCode::invalid_utf8);
  check(Unwritable{}, ErrorCode::refused);
  Value deep;
  for (unsigned level = 0; level <= WriterState::depth_max; ++level)
    deep = Value(Value::Array{std::move(deep)});
  check(deep, ErrorCode::depth_limit);
}

TEST(AfterAnError, appended_and_placed_output_is_as_before) {
  each_unwritable([](const auto& value, ErrorCode code) {
    const auto unchanged = [&](auto&& call) {
      Buffer out("already here");
      const Result<void> done = call(out);
      ASSERT_FALSE(done);
      EXPECT_EQ(done.error().code(), code);
      EXPECT_EQ(out.text(), "already here");
    };
    unchanged([&](Buffer& out) { return json::append_to(value, out); });
    unchanged([&](Buffer& out) { return msgpack::append_to(value, out); });
    for (const std::size_t offset : {0u, 3u, 12u, 100u}) {
      unchanged([&](Buffer& out) { return json::encode_into(value, out, offset); });
      unchanged([&](Buffer& out) { return msgpack::encode_into(value, out, offset); });
    }
    unchanged([&](Buffer& out) { return json::Encoder<>().append_to(value, out); });
    unchanged([&](Buffer& out) {
      const std::vector values{value};
      return append_lines<json::Writer>(values, out, {});
    });
  });
}

TEST(AfterAnError, lines_and_values_are_as_before) {
  Buffer out("already here");
  const std::vector<std::string> lines{"good", "\xff"};
  EXPECT_FALSE(append_lines<json::Writer>(lines, out, {}));
  EXPECT_EQ(out.text(), "already here");
  EXPECT_FALSE(json::encode_lines(lines));
  Value value("already here");
  EXPECT_FALSE(to_value_into(lines, value));
  EXPECT_EQ(value, Value("already here"));
}

TEST(AfterAnError, a_replaced_buffer_is_empty_and_holds_no_part) {
  each_unwritable([](const auto& value, ErrorCode) {
    Buffer out("already here");
    EXPECT_FALSE(json::encode_into(value, out));
    EXPECT_TRUE(out.empty());
  });
}

TEST(AfterAnError, another_layout_leaves_its_output_as_before) {
  for (const char* broken : {"[1,2", "[1,,2]", "{\"a\":1} x", "[\"\xff\"]", "01"}) {
    Buffer out("already here");
    EXPECT_FALSE(json::reformat(broken, 2, out)) << broken;
    EXPECT_EQ(out.text(), "already here");
  }
}

TEST(AfterAnError, an_offset_that_no_memory_reaches_is_an_error) {
  std::vector<std::size_t> offsets{~std::size_t{0}};
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  offsets.push_back(std::size_t{1} << 60);  // A sanitizer ends the program where memory is refused.
#endif
  for (const std::size_t offset : offsets) {
    Buffer out("already here");
    const auto refused = json::encode_into(1, out, offset);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::memory_exhausted);
    EXPECT_EQ(out.text(), "already here");
  }
}

TEST(AfterAnError, lines_before_it_were_handed_over_whole_and_nothing_of_it) {
  std::vector<std::int32_t> sums;
  const auto done = json::for_each_line<std::vector<std::int32_t>>(
      "[1,2]\n[3]\n[4,\"x\"]\n[5]", [&](std::vector<std::int32_t>&& line) {
        sums.push_back(0);
        for (const std::int32_t number : line) sums.back() += number;
      });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().path(), "$[2][1]");
  EXPECT_EQ(sums, (std::vector<std::int32_t>{3, 3}));
}

}  // namespace
}  // namespace structwire::testing
