// SPDX-License-Identifier: Apache-2.0
//
// Streams written value by value are the bytes of all values at once; what fails is not half
// written.

#include <tests/streams/codecs.hpp>

#include <sys/socket.h>
#include <unistd.h>

namespace structwire::testing {
namespace {

template <class Codec>
struct Streams : ::testing::Test {};
TYPED_TEST_SUITE(Streams, AllStreams);

TYPED_TEST(Streams, item_by_item_is_the_same_as_whole) {
  Random random(random_seed());
  for (const Framing framing : framings) {
    for (const std::size_t count : {0u, 1u, 2u, 15u, 16u, 500u}) {
      for (const std::size_t chunk : {1u, 100u, 65536u}) {
        const std::vector<Record> records = records_of(random, count);
        Buffer out;
        StreamWriter<TypeParam> writer(write_to(out),
                                       {.framing = framing, .chunk_bytes = chunk, .items = count});
        for (const Record& record : records) ASSERT_TRUE(writer.write(record));
        ASSERT_TRUE(writer.close());
        ASSERT_TRUE(writer.close());
        ASSERT_EQ(out, encode_all<TypeParam>(framing, records));

        StreamReader<TypeParam> reader(read_from(out.bytes()),
                                       {.framing = framing, .chunk_bytes = chunk});
        std::vector<Record> back;
        const auto read = reader.template for_each<Record>(
            [&](Record&& record) { back.push_back(std::move(record)); });
        ASSERT_TRUE(read) << told(read.error());
        ASSERT_TRUE(equal(back, records));
      }
    }
  }
}

TYPED_TEST(Streams, a_value_that_is_refused_leaves_no_trace) {
  for (const Framing framing : framings) {
    Buffer out;
    StreamWriter<TypeParam> writer(write_to(out), {.framing = framing, .items = 2});
    ASSERT_TRUE(writer.write(std::string("a")));
    EXPECT_EQ(writer.write(std::string("\xff")).error().code(), ErrorCode::invalid_utf8);
    ASSERT_TRUE(writer.write(std::string("b")));
    ASSERT_TRUE(writer.close());
    EXPECT_EQ(out, encode_all<TypeParam>(framing, std::vector<std::string>{"a", "b"}));
  }
}

TYPED_TEST(Streams, an_error_of_the_sink_stays) {
  int calls = 0;
  Sink full = [&calls](std::span<const std::byte>) -> Result<void> {
    ++calls;
    return std::unexpected(Error(ErrorCode::io, "full"));
  };
  StreamWriter<TypeParam> writer(std::move(full), {.chunk_bytes = 4});
  EXPECT_TRUE(writer.write(1));
  EXPECT_EQ(writer.write(std::string("longer")).error().message(), "full");
  EXPECT_EQ(writer.write(1).error().message(), "full");
  EXPECT_EQ(writer.close().error().message(), "full");
  EXPECT_EQ(calls, 1);
}

TYPED_TEST(Streams, an_error_of_the_source_is_told_and_can_be_tried_again) {
  const Buffer bytes =
      encode_all<TypeParam>(Framing::values, std::vector<std::string>{"abc", "def"});
  std::size_t at = 0;
  Source hesitant = [&](std::span<std::byte> room) -> Result<std::size_t> {
    if (at % 3 == 2) {
      ++at;
      return std::unexpected(Error(ErrorCode::io, "later"));
    }
    const std::size_t index = at - at / 3;
    if (index >= bytes.size()) return 0;
    ++at;
    room[0] = bytes.bytes()[index];
    return 1;
  };
  StreamReader<TypeParam> reader(std::move(hesitant));
  std::vector<std::string> back;
  for (int tries = 0; tries < 100; ++tries) {
    std::string text;
    const Result<bool> more = reader.next(text);
    if (more && !*more) break;
    if (more) back.push_back(text);
    if (!more) {
      EXPECT_EQ(more.error().message(), "later");
    }
  }
  EXPECT_EQ(back, (std::vector<std::string>{"abc", "def"}));
}

TYPED_TEST(Streams, a_count_that_was_told_is_held) {
  Buffer out;
  StreamWriter<TypeParam> few(write_to(out), {.framing = Framing::array, .items = 2});
  ASSERT_TRUE(few.write(1));
  EXPECT_EQ(few.close().error().message(), "The array is to have 2 items, not 1");
  StreamWriter<TypeParam> many(write_to(out), {.framing = Framing::array, .items = 1});
  ASSERT_TRUE(many.write(1));
  EXPECT_EQ(many.write(2).error().code(), ErrorCode::invalid_length);
  EXPECT_TRUE(many.close());
  StreamWriter<TypeParam> untold(write_to(out), {.framing = Framing::array});
  EXPECT_EQ(untold.write(1).has_value(), !TypeParam::Writer::traits.counts_first);
}

TYPED_TEST(Streams, rules_of_the_stream_win) {
  Random random(random_seed());
  const std::vector<Record> records = records_of(random, 5);
  Buffer out;
  StreamWriter<TypeParam, array_like> writer(write_to(out));
  ASSERT_TRUE(writer.write_all(records));
  ASSERT_TRUE(writer.close());
  StreamReader<TypeParam, array_like> reader(read_from(out.bytes()));
  for (const Record& record : records) {
    Record back;
    ASSERT_EQ(reader.next(back), true);
    EXPECT_TRUE(equal(back, record));
  }
  StreamReader<TypeParam> other(read_from(out.bytes()));
  Record back;
  EXPECT_EQ(other.next(back).error().code(), ErrorCode::type_mismatch);
}

TYPED_TEST(Streams, go_through_files_pipes_and_sockets) {
  Random random(random_seed());
  const std::vector<Record> records = records_of(random, 100);
  const auto carry = [&](auto&& out, auto&& in, auto&& finished) {
    StreamWriter<TypeParam> writer(write_to(out), {.chunk_bytes = 1000});
    ASSERT_TRUE(writer.write_all(records));
    ASSERT_TRUE(writer.close());
    finished();
    StreamReader<TypeParam> reader(read_from(in), {.chunk_bytes = 77});
    std::vector<Record> back;
    const auto read = reader.template for_each<Record>(
        [&](Record&& record) { back.push_back(std::move(record)); });
    ASSERT_TRUE(read) << told(read.error());
    EXPECT_TRUE(equal(back, records));
  };
  std::FILE* const file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  carry(file, file, [&] { std::rewind(file); });
  std::fclose(file);

  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  carry(ends[0], ends[1], [&] { ::close(ends[0]); });
  StreamWriter<TypeParam> nobody(write_to(ends[1]));
  EXPECT_TRUE(nobody.write(1));
  EXPECT_EQ(nobody.close().error().code(), ErrorCode::io);
  ::close(ends[1]);
  StreamReader<TypeParam> closed(read_from(-1));
  int value = 0;
  EXPECT_EQ(closed.next(value).error().message(), "Cannot read: Bad file descriptor");
}

}  // namespace
}  // namespace structwire::testing
