// SPDX-License-Identifier: Apache-2.0
//
// Strategy: inputs, good and damaged, are cut in pieces in every possible way or at random, fed to
// a Feed, and compared with what decoding the whole input in memory comes to. Invariants: the same
// values; the same error with the same sentence, path and offset; at every cut.

#include <tests/streams/codecs.hpp>

namespace structwire::testing {
namespace {

template <class Codec>
struct Incremental : ::testing::Test {};
TYPED_TEST_SUITE(Incremental, AllStreams);

/// What a Feed comes to that gets the input in pieces of these sizes, and then the rest.
template <class Codec, class T>
Result<void> feed_all(Framing framing, std::span<const std::byte> bytes,
                      const std::vector<std::size_t>& pieces, std::vector<T>& out,
                      const DecodeOptions& options = {}) {
  Feed<Codec> feed(framing, options);
  std::size_t piece = 0;
  while (true) {
    T value{};
    const Result<Next> next = feed.next(value);
    if (!next) return std::unexpected(next.error());
    if (*next == Next::end) return {};
    if (*next == Next::value) {
      out.push_back(std::move(value));
    } else if (bytes.empty()) {
      feed.finish();
    } else {
      const std::size_t size =
          piece < pieces.size() ? std::min(pieces[piece++], bytes.size()) : bytes.size();
      EXPECT_TRUE(feed.feed(bytes.first(size)).has_value());
      bytes = bytes.subspan(size);
    }
  }
}

template <class Codec, class T>
void expect_same(Framing framing, std::span<const std::byte> bytes,
                 const std::vector<std::size_t>& pieces) {
  std::vector<T> whole;
  std::vector<T> fed;
  // A header that announces more than the limit would be refused before the rest has come, and an
  // array of a stream may have any number of items.
  DecodeOptions unlimited;
  unlimited.limits.value_bytes = static_cast<std::size_t>(-1);
  unlimited.limits.container_items = static_cast<std::size_t>(-1);
  const Result<void> expected = decode_all<Codec>(framing, bytes, whole, unlimited);
  const Result<void> got = feed_all<Codec>(framing, bytes, pieces, fed, unlimited);
  const std::string_view shown(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::string expected_error = expected ? "" : told(expected.error());
  const std::string error = got ? "" : told(got.error());
  // In memory, `[n]` is truncated where nothing follows and misspelled where something does. In a
  // stream it is misspelled.
  if (error != expected_error && !expected &&
      expected.error().code() == ErrorCode::unexpected_end) {
    std::vector<T> ignored;
    const Result<void> followed =
        decode_all<Codec>(framing, with_blanks(bytes), ignored, unlimited);
    expected_error = followed ? "" : told(followed.error());
  }
  ASSERT_EQ(error, expected_error) << json::encode(std::string(shown));
  // An array that is refused in memory holds parts; as items, those in front of the error were
  // given out.
  if (!expected && framing == Framing::array) return;
  ASSERT_TRUE(equal(fed, whole)) << json::encode(std::string(shown));
}

TYPED_TEST(Incremental, a_value_is_found_at_every_cut) {
  Random random(random_seed());
  for (const Framing framing : framings) {
    for (int round = 0; round < 20; ++round) {
      const Buffer bytes = encode_all<TypeParam>(framing, records_of(random, random.below(4)));
      for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        ASSERT_NO_FATAL_FAILURE((expect_same<TypeParam, Record>(framing, bytes, {cut})));
      }
    }
  }
}

TYPED_TEST(Incremental, scalars_too) {
  const Buffer values = [] {
    Buffer out;
    for (const auto& value : {Value(1), Value(-300), Value(1.5), Value(true), Value("a\"]\\"),
                              Value(), Value(1234567890123)}) {
      EXPECT_TRUE(append_line<typename TypeParam::Writer>(value, out, {}).has_value());
    }
    return out;
  }();
  for (std::size_t cut = 0; cut <= values.size(); ++cut) {
    for (std::size_t next = 0; next <= values.size() - cut; ++next) {
      ASSERT_NO_FATAL_FAILURE(
          (expect_same<TypeParam, Value>(Framing::values, values, {cut, next})));
    }
  }
}

TYPED_TEST(Incremental, in_pieces_of_one_byte) {
  Random random(random_seed());
  for (const Framing framing : framings) {
    const Buffer bytes = encode_all<TypeParam>(framing, records_of(random, 30));
    const std::vector<std::size_t> ones(bytes.size(), 1);
    ASSERT_NO_FATAL_FAILURE((expect_same<TypeParam, Record>(framing, bytes, ones)));
    ASSERT_NO_FATAL_FAILURE((expect_same<TypeParam, Raw>(framing, bytes, ones)));
  }
}

// Bytes changed, taken out and put in, so that brackets and counts do not fit.
Buffer damaged(const Buffer& bytes, Random& random) {
  static constexpr std::string_view likely = "[]{}\",:\\ \n01-etnx\xc1\xdd\x91\x80\xff";
  std::string text(bytes.text());
  for (std::uint64_t left = 1 + random.below(3); left != 0 && !text.empty(); --left) {
    const std::size_t at = random.below(text.size());
    const char c = random.once_in(2) ? likely[random.below(likely.size())]
                                     : static_cast<char>(random.below(256));
    switch (random.below(4)) {
      case 0:
        text[at] = c;
        break;
      case 1:
        text.erase(at, 1 + random.below(4));
        break;
      case 2:
        text.insert(at, 1, c);
        break;
      default:
        text.resize(at);
        break;
    }
  }
  return Buffer(text);
}

TYPED_TEST(Incremental, damaged_input_gets_the_same_error_at_every_cut) {
  Random random(random_seed());
  for (const Framing framing : framings) {
    for (int round = 0; round < 1500; ++round) {
      const Buffer bytes =
          damaged(encode_all<TypeParam>(framing, records_of(random, 1 + random.below(3))), random);
      std::vector<std::size_t> pieces;
      for (int left = 0; left < 8; ++left)
        pieces.push_back(random.below(round % 2 != 0 ? 4 : bytes.size() / 2 + 2));
      ASSERT_NO_FATAL_FAILURE((expect_same<TypeParam, Record>(framing, bytes, pieces)));
      ASSERT_NO_FATAL_FAILURE((expect_same<TypeParam, Value>(framing, bytes, pieces)));
      ASSERT_NO_FATAL_FAILURE(
          (expect_same<TypeParam, std::vector<std::string>>(framing, bytes, pieces)));
    }
  }
}

struct Small {
  int x = 0;
  using wire = Rules<member<&Small::x, le(9)>>;
};

TYPED_TEST(Incremental, goes_on_behind_a_value_that_is_refused) {
  std::vector<Value> values;
  for (const int x : {1, 10, 3})
    values.push_back(*json::decode<Value>("{\"x\":" + std::to_string(x) + "}"));
  values.insert(values.begin() + 2, Value("no object"));
  for (const Framing framing : framings) {
    const Buffer bytes = encode_all<TypeParam>(framing, values);
    Feed<TypeParam> feed(framing);
    ASSERT_TRUE(feed.feed(bytes));
    feed.finish();
    Small small;
    EXPECT_EQ(feed.next(small), Next::value);
    EXPECT_EQ(feed.next(small).error().message(), "Expected `int` <= 9 - at `$[1].x`");
    EXPECT_EQ(feed.next(small).error().message(), "Expected `object`, got `str` - at `$[2]`");
    EXPECT_EQ(feed.next(small), Next::value);
    EXPECT_EQ(small.x, 3);
    EXPECT_EQ(feed.index(), 4u);
    EXPECT_EQ(feed.next(small), Next::end);
    EXPECT_EQ(feed.offset(), bytes.size());
  }
}

TYPED_TEST(Incremental, a_value_larger_than_the_limit_is_refused_at_every_cut) {
  DecodeOptions options;
  options.limits.value_bytes = 40;
  for (const Framing framing : framings) {
    for (const std::size_t size : {36u, 100u}) {
      const Buffer bytes = encode_all<TypeParam>(
          framing, std::vector<std::string>{"a", std::string(size, 'x'), "b"});
      for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        std::vector<std::string> out;
        const auto fed = feed_all<TypeParam>(framing, bytes, {cut, 3, 3, 3}, out, options);
        if (size == 36) {
          ASSERT_TRUE(fed) << told(fed.error());
          continue;
        }
        ASSERT_FALSE(fed);
        EXPECT_EQ(fed.error().code(), ErrorCode::size_limit);
        EXPECT_EQ(fed.error().message(),
                  "A value of a stream takes more than 40 bytes - at `$[1]`");
        EXPECT_EQ(out, std::vector<std::string>{"a"});
      }
    }
  }
}

TEST(Incremental, a_count_beyond_the_limit_is_refused_before_its_bytes_have_come) {
  DecodeOptions options;
  options.limits.value_bytes = 1000;
  Feed<msgpack::Codec> feed(Framing::values, options);
  const std::array<unsigned char, 5> header{0xdd, 0x00, 0x01, 0x00, 0x00};
  ASSERT_TRUE(feed.feed(std::as_bytes(std::span(header))));
  Value value;
  EXPECT_EQ(feed.next(value).error().code(), ErrorCode::size_limit);
}

// An error that stays, and a stream of blanks that takes no memory.
TEST(Incremental, blanks_and_broken_syntax) {
  const std::string blanks(1000, ' ');
  Feed<json::Codec> feed;
  int value = 0;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(feed.feed(Buffer(blanks)));
    ASSERT_EQ(feed.next(value), Next::more_input);
  }
  EXPECT_EQ(feed.offset(), 1000000u);
  ASSERT_TRUE(feed.feed(Buffer("12 x 3 ")));
  EXPECT_EQ(feed.next(value), Next::value);
  const std::string first = told(feed.next(value).error());
  EXPECT_EQ(first,
            "malformed at 1000003 $[1]: JSON is malformed: invalid character (byte 1000003)");
  EXPECT_EQ(told(feed.next(value).error()), first);
}

TEST(Incremental, a_value_is_there_with_its_last_byte_where_it_has_an_end_mark) {
  Feed<json::Codec> feed;
  std::vector<int> list;
  ASSERT_TRUE(feed.feed(Buffer("[1,2]")));
  EXPECT_EQ(feed.next(list), Next::value);
  int number = 0;
  ASSERT_TRUE(feed.feed(Buffer("12")));
  EXPECT_EQ(feed.next(number), Next::more_input);
  ASSERT_TRUE(feed.feed(Buffer("3\n")));
  EXPECT_EQ(feed.next(number), Next::value);
  EXPECT_EQ(number, 123);
}

TYPED_TEST(Incremental, an_array_may_have_more_items_than_one_in_memory) {
  DecodeOptions options;
  options.limits.container_items = 20;
  const Buffer bytes = encode_all<TypeParam>(Framing::array, std::vector<int>(100, 7));
  std::vector<int> out;
  EXPECT_FALSE(decode_all<TypeParam>(Framing::array, bytes, out, options));
  out.clear();
  EXPECT_TRUE(feed_all<TypeParam>(Framing::array, bytes, {}, out, options));
  EXPECT_EQ(out, std::vector<int>(100, 7));
}

TYPED_TEST(Incremental, several_values_in_one_buffer_tell_their_bytes) {
  Random random(random_seed());
  const std::vector<Record> records = records_of(random, 20);
  const Buffer bytes = encode_all<TypeParam>(Framing::values, records);
  std::span<const std::byte> rest = bytes.bytes();
  for (const Record& record : records) {
    Record back;
    const auto size = decode_prefix_with<typename TypeParam::Reader>(
        reader_input<typename TypeParam::Reader>(rest), back, {});
    ASSERT_TRUE(size) << told(size.error());
    EXPECT_TRUE(equal(back, record));
    Buffer alone;
    ASSERT_TRUE(append_with<typename TypeParam::Writer>(record, alone, {}));
    EXPECT_TRUE(std::ranges::equal(rest.first(*size).last(alone.size()), alone.bytes()));
    rest = rest.subspan(*size);
  }
}

}  // namespace
}  // namespace structwire::testing
