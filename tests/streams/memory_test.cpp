// SPDX-License-Identifier: Apache-2.0
//
// A million records from a generator, written and read, both at once and through no file: what the
// sink gets is fed to the reader. The memory that this takes at its peak is counted, and does not
// depend on how many there are.

#include <tests/streams/codecs.hpp>

#include <tests/support/allocation_count.hpp>

namespace structwire::testing {
namespace {

template <class Codec>
struct Memory : ::testing::Test {};
TYPED_TEST_SUITE(Memory, AllStreams);

struct Sale {
  std::uint64_t id = 0;
  std::string article;
  double price = 0;
  std::vector<int> parts;
};

// The longest ones come first, so that a run of any length has met them.
Sale sale_of(std::uint64_t i) {
  return {999'999'999 - i, "article " + std::to_string(999 - i % 1000),
          static_cast<double>(i % 997) / 7, std::vector<int>(8 - i % 8, static_cast<int>(i % 100))};
}

struct Run {
  std::size_t peak = 0;
  std::size_t bytes = 0;
};

template <class Codec>
Run run(Framing framing, std::size_t count) {
  const AllocationPeak peak;
  Run run;
  Feed<Codec> feed(framing);
  Sale back;
  std::size_t read = 0;
  const auto read_all = [&] {
    while (true) {
      const Result<Next> next = feed.next(back);
      STRUCTWIRE_ASSERT(next.has_value());
      if (*next != Next::value) return *next;
      const Sale expected = sale_of(read++);
      STRUCTWIRE_ASSERT(back.id == expected.id && back.article == expected.article &&
                        back.price == expected.price && back.parts == expected.parts);
    }
  };
  Sink sink = [&](std::span<const std::byte> bytes) -> Result<void> {
    run.bytes += bytes.size();
    if (auto fed = feed.feed(bytes); !fed) return fed;
    read_all();
    return {};
  };
  StreamWriter<Codec> writer(std::move(sink), {.framing = framing, .items = count});
  for (std::size_t i = 0; i < count; ++i) EXPECT_TRUE(writer.write(sale_of(i)));
  EXPECT_TRUE(writer.close());
  feed.finish();
  EXPECT_EQ(read_all(), Next::end);
  EXPECT_EQ(read, count);
  run.peak = peak.bytes();
  return run;
}

TYPED_TEST(Memory, of_a_million_records_is_that_of_ten_thousand) {
  for (const Framing framing : framings) {
    const Run few = run<TypeParam>(framing, 10'000);
    const Run many = run<TypeParam>(framing, 1'000'000);
    std::printf("%s %s: 1 000 000 records, %zu MB, peak %zu KB\n", TypeParam::name,
                framing == Framing::array ? "array" : "values", many.bytes / 1'000'000,
                many.peak / 1000);
    EXPECT_GT(many.bytes, 50u * few.bytes);
    EXPECT_LE(many.peak, few.peak + 1024);
    EXPECT_LT(many.peak, 400'000u);
  }
}

// As much of the input is held as one value takes, not more.
TYPED_TEST(Memory, of_large_values_is_that_of_one) {
  const std::string large(3'000'000, 'x');
  const AllocationPeak peak;
  std::size_t left = 20;
  Buffer line;
  ASSERT_TRUE(append_line<typename TypeParam::Writer>(large, line, {}));
  std::span<const std::byte> rest;
  Source source = [&](std::span<std::byte> room) -> Result<std::size_t> {
    if (rest.empty() && left != 0) {
      rest = line.bytes();
      --left;
    }
    const std::size_t size = std::min(room.size(), rest.size());
    std::copy_n(rest.begin(), size, room.begin());
    rest = rest.subspan(size);
    return size;
  };
  StreamReader<TypeParam> reader(std::move(source));
  std::string back;
  int count = 0;
  while (reader.next(back) == true) count += back == large;
  EXPECT_EQ(count, 20);
  // The value, its encoding in the source, and the window, which grows by half.
  EXPECT_LT(peak.bytes(), 6 * large.size());
}

}  // namespace
}  // namespace structwire::testing
