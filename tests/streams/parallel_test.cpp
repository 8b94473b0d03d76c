// SPDX-License-Identifier: Apache-2.0
//
// On several cores it comes to the same as on one: values, bytes and errors, in order, in bounded
// memory.

#include <tests/streams/codecs.hpp>

#include <atomic>
#include <list>
#include <ranges>
#include <stdexcept>
#include <thread>

namespace structwire::testing {
namespace {

template <class Codec>
struct Parallel : ::testing::Test {};
TYPED_TEST_SUITE(Parallel, AllStreams);

constexpr ParallelOptions small_batches[] = {{.threads = 1, .batch_bytes = 300},
                                             {.threads = 2, .batch_bytes = 1},
                                             {.threads = 3, .batch_bytes = 1000},
                                             {.threads = 2, .batch_bytes = 1u << 20}};

TYPED_TEST(Parallel, decoding_comes_to_the_same) {
  Random random(random_seed());
  for (const Framing framing : framings) {
    for (const ParallelOptions& parallel : small_batches) {
      const std::vector<Record> records = records_of(random, random.below(300));
      const Buffer bytes = encode_all<TypeParam>(framing, records);
      std::vector<Record> back;
      const auto caller = std::this_thread::get_id();
      const auto take = [&](Record&& record) {
        EXPECT_EQ(std::this_thread::get_id(), caller);
        back.push_back(std::move(record));
      };
      const auto done = decode_in_parallel<TypeParam, Record>(
          read_from(bytes.bytes()), take, {.framing = framing, .chunk_bytes = 500}, {}, parallel);
      ASSERT_TRUE(done) << told(done.error());
      ASSERT_TRUE(equal(back, records));
    }
  }
}

TYPED_TEST(Parallel, damaged_input_gets_the_same_values_and_the_same_error) {
  Random random(random_seed());
  static constexpr std::string_view likely = "[]{}\",:\\ \n01-etnx\xc1\xdd\x91\x80\xff";
  for (int round = 0; round < 1000; ++round) {
    const Framing framing = framings[round % 2];
    Buffer bytes = encode_all<TypeParam>(framing, records_of(random, 12));
    for (std::uint64_t left = 1 + random.below(3); left != 0; --left) {
      bytes.data()[random.below(bytes.size())] =
          static_cast<std::byte>(likely[random.below(likely.size())]);
    }
    if (random.once_in(3)) bytes.resize_uninitialized(random.below(bytes.size()));
    std::vector<Value> serial;
    std::vector<Value> parallel;
    const StreamOptions stream{.framing = framing, .chunk_bytes = 1 + random.below(600)};
    StreamReader<TypeParam> reader(read_from(bytes.bytes()), stream);
    const auto expected =
        reader.template for_each<Value>([&](Value&& value) { serial.push_back(std::move(value)); });
    const auto got = decode_in_parallel<TypeParam, Value>(
        read_from(bytes.bytes()), [&](Value&& value) { parallel.push_back(std::move(value)); },
        stream, {}, {.threads = 2, .batch_bytes = 1 + random.below(600)});
    const std::string shown = json::encode(std::string(bytes.text()));
    ASSERT_EQ(got ? "" : told(got.error()), expected ? "" : told(expected.error())) << shown;
    ASSERT_TRUE(equal(parallel, serial)) << shown;
  }
}

// A count of four thousand million items, and none of them.
TEST(ParallelArray, items_that_never_come_are_one_error) {
  const std::array<unsigned char, 6> bytes{0xdd, 0xff, 0xff, 0xff, 0xff, 0x01};
  std::vector<int> taken;
  const auto done = decode_in_parallel<msgpack::Codec, int>(
      read_from(std::as_bytes(std::span(bytes))), [&](int value) { taken.push_back(value); },
      {.framing = Framing::array});
  EXPECT_EQ(taken, std::vector<int>{1});
  EXPECT_EQ(done.error().code(), ErrorCode::unexpected_end);
  EXPECT_EQ(done.error().path(), "$[1]");
}

TYPED_TEST(Parallel, encoding_comes_to_the_same_bytes) {
  Random random(random_seed());
  for (const Framing framing : framings) {
    for (const ParallelOptions& parallel : small_batches) {
      const std::vector<Record> records = records_of(random, random.below(1000));
      const StreamOptions stream{.framing = framing, .chunk_bytes = 500, .items = records.size()};
      const Buffer expected = encode_all<TypeParam>(framing, records);
      Buffer out;
      ASSERT_TRUE(encode_in_parallel<TypeParam>(records, write_to(out), stream, {}, parallel));
      ASSERT_EQ(out, expected);
      // A generator: each value is made when it is asked for, and not kept.
      Buffer generated;
      const auto made = std::views::iota(std::size_t{0}, records.size()) |
                        std::views::transform([&](std::size_t i) { return records[i]; });
      ASSERT_TRUE(encode_in_parallel<TypeParam>(made, write_to(generated), stream, {}, parallel));
      ASSERT_EQ(generated, expected);
      Buffer listed;
      const std::list<Record> list(records.begin(), records.end());
      ASSERT_TRUE(encode_in_parallel<TypeParam>(list, write_to(listed), stream, {}, parallel));
      ASSERT_EQ(listed, expected);
    }
  }
}

TYPED_TEST(Parallel, what_stands_in_front_of_a_value_that_is_refused_is_written) {
  std::vector<std::string> texts(1000, "fine");
  texts[700] = "\xff";
  Buffer serial;
  StreamWriter<TypeParam> writer(write_to(serial));
  const auto expected = writer.write_all(texts);
  ASSERT_FALSE(expected);
  ASSERT_TRUE(writer.flush());
  Buffer out;
  const auto got = encode_in_parallel<TypeParam>(texts, write_to(out), {}, {},
                                                 {.threads = 2, .batch_bytes = 100});
  ASSERT_FALSE(got);
  EXPECT_EQ(told(got.error()), told(expected.error()));
  EXPECT_EQ(out, serial);
}

TEST(InOrder, takes_in_order_and_holds_no_more_than_its_slots) {
  constexpr std::size_t count = 5000;
  std::size_t begun = 0;
  std::size_t taken = 0;
  std::vector<std::size_t> of_slot(4);
  std::atomic<std::size_t> worked = 0;
  InOrder order;
  order.threads = 3;
  order.slots = of_slot.size();
  order.fill = [&](std::size_t slot) {
    EXPECT_LT(begun - taken, of_slot.size());
    if (begun == count) return false;
    of_slot[slot] = begun++;
    return true;
  };
  order.work = [&](std::size_t slot) {
    of_slot[slot] *= 2;
    ++worked;
  };
  order.take = [&](std::size_t slot) -> Result<void> {
    EXPECT_EQ(of_slot[slot], 2 * taken++);
    return {};
  };
  EXPECT_TRUE(run_in_order(order));
  EXPECT_EQ(taken, count);
  EXPECT_EQ(worked, count);
}

TEST(InOrder, passes_on_what_is_thrown_in_its_turn_and_leaves_no_thread) {
  std::size_t begun = 0;
  std::size_t taken = 0;
  InOrder order;
  order.threads = 2;
  order.fill = [&](std::size_t) { return ++begun, true; };
  order.work = [&](std::size_t slot) {
    if (slot == 3) throw std::runtime_error("from a thread");
  };
  order.take = [&](std::size_t) -> Result<void> {
    ++taken;
    return {};
  };
  EXPECT_THROW(static_cast<void>(run_in_order(order)), std::runtime_error);
  EXPECT_EQ(taken, 3u);
  order.work = [](std::size_t) {};
  order.take = [&](std::size_t) -> Result<void> {
    return std::unexpected(Error(ErrorCode::refused, "enough"));
  };
  EXPECT_EQ(run_in_order(order).error().message(), "enough");
}

}  // namespace
}  // namespace structwire::testing
