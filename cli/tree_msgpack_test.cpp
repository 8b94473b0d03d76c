// SPDX-License-Identifier: Apache-2.0
#include <cli/detect.hpp>
#include <cli/tree_msgpack.hpp>

#include <structwire/arrow.hpp>
#include <structwire/msgpack.hpp>
#include <structwire/ndarray.hpp>
#include <tests/support/random.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace structwire::cli {
namespace {

using namespace std::string_view_literals;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

struct Written {
  std::string text;
  Result<std::size_t> values;
};
Written tree_of(std::span<const std::byte> bytes, const Limits& limits = {}) {
  Written written;
  written.values = write_msgpack_tree(
      bytes,
      [&](std::string_view line) {
        written.text.append(line).append("\n");
        return true;
      },
      limits);
  return written;
}

TEST(MsgpackTree, shows_offset_bytes_and_how_each_value_is_written) {
  const std::string_view bytes =
      "\x83\xa1"
      "a"
      "\x92\x01\xff\xa1"
      "b"
      "\x82\xc0\xc3\x05\xcb\x3f\xf8\0\0\0\0\0\0\xa1"
      "c"
      "\xcd\0\x05"sv;
  const Written written = tree_of(bytes_of(bytes));
  ASSERT_TRUE(written.values) << written.values.error().message();
  EXPECT_EQ(*written.values, 1u);
  EXPECT_EQ(written.text,
            "       0  83                        map of 3\n"
            "       1  a1 61                       \"a\"\n"
            "       3  92                            array of 2\n"
            "       4  01                              fixint 1\n"
            "       5  ff                              fixint -1\n"
            "       6  a1 62                       \"b\"\n"
            "       8  82                            map of 2\n"
            "       9  c0                              nil\n"
            "      10  c3                                true\n"
            "      11  05                              fixint 5\n"
            "      12  cb 3f f8 00 00 00 00 00 …         float64 1.5\n"
            "      21  a1 63                       \"c\"\n"
            "      23  cd 00 05                      uint16 5, longer than need be\n");
}

TEST(MsgpackTree, names_what_is_longer_than_need_be) {
  const auto is_long = [](std::string_view bytes) {
    const Written written = tree_of(bytes_of(bytes));
    EXPECT_TRUE(written.values);
    return written.text.contains("longer than need be");
  };
  for (const std::string_view bytes :
       {"\xcc\x7f"sv, "\xcd\0\xff"sv, "\xce\0\0\xff\xff"sv, "\xcf\0\0\0\0\xff\xff\xff\xff"sv,
        "\xd0\xe0"sv, "\xd0\x05"sv, "\xd1\xff\x80"sv, "\xd2\xff\xff\x80\0"sv,
        "\xd9\x01"
        "a"sv,
        "\xda\0\x01"
        "a"sv,
        "\xc5\0\x01"
        "a"sv,
        "\xdc\0\x01\xc0"sv, "\xde\0\0"sv,
        "\xc8\0\x01\x05"
        "a"sv}) {
    EXPECT_TRUE(is_long(bytes));
  }
  for (const std::string_view bytes :
       {"\xcc\x80"sv, "\xcd\x01\0"sv, "\xce\0\x01\0\0"sv, "\xcf\0\0\0\x01\0\0\0\0"sv, "\xd0\xdf"sv,
        "\xd1\xff\x7f"sv, "\xd2\xff\xff\x7f\xff"sv, "\xd3\xff\xff\xff\xff\x7f\xff\xff\xff"sv,
        "\xc4\x01"
        "a"sv,
        "\xc7\x03\x05"
        "abc"sv}) {
    EXPECT_FALSE(is_long(bytes));
  }
}

TEST(MsgpackTree, what_this_library_writes_is_as_short_as_can_be_and_a_line_per_value) {
  test::Random random(test::random_seed());
  for (int round = 0; round < 2000; ++round) {
    std::vector<Value> values;
    for (std::uint64_t i = random.below(20); i > 0; --i) {
      const std::uint64_t bits = random.bits() >> random.below(64);
      switch (random.below(4)) {
        case 0:
          values.emplace_back(bits);
          break;
        case 1:
          values.emplace_back(-static_cast<std::int64_t>(bits >> 1));
          break;
        case 2:
          values.emplace_back(std::string(random.below(300), 'x'));
          break;
        default:
          values.emplace_back(Ext{5, Bytes(random.below(300))});
          break;
      }
    }
    const Written written = tree_of(msgpack::encode(values).bytes());
    ASSERT_TRUE(written.values);
    EXPECT_FALSE(written.text.contains("longer than need be")) << written.text;
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(written.text, '\n')), values.size() + 1);
  }
}

TEST(MsgpackTree, accepts_what_the_reader_accepts_and_stops_in_its_place) {
  test::Random random(test::random_seed());
  const auto& format = msgpack::format();
  std::size_t accepted = 0;
  for (int round = 0; round < 50000; ++round) {
    Bytes bytes(1 + random.below(12));
    for (std::byte& byte : bytes) {
      byte =
          static_cast<std::byte>(random.once_in(3) ? random.below(4) : 0x80 + random.below(0x80));
    }
    const auto checked = format.validate_syntax(bytes, {});
    const Written written = tree_of(bytes);
    if (checked) {
      ++accepted;
      ASSERT_TRUE(written.values) << written.values.error().message();
      EXPECT_EQ(*written.values, 1u);
    } else if (checked.error().code() == ErrorCode::trailing_data) {
      if (written.values) {
        EXPECT_GT(*written.values, 1u);
      }
    } else {
      ASSERT_FALSE(written.values) << checked.error().message() << "\n" << written.text;
      EXPECT_LE(written.values.error().offset(), bytes.size());
    }
  }
  EXPECT_GT(accepted, 1000u);
}

TEST(MsgpackTree, holds_the_limit_of_depth_and_stops_when_told) {
  const std::string deep(600, '\x91');
  EXPECT_EQ(tree_of(bytes_of(deep)).values.error().code(), ErrorCode::depth_limit);
  EXPECT_EQ(tree_of(bytes_of(deep)).values.error().offset(), 512u);
  int lines = 0;
  EXPECT_TRUE(
      write_msgpack_tree(bytes_of("\x01\x02\x03"), [&](std::string_view) { return ++lines < 2; }));
  EXPECT_EQ(lines, 2);
}

TEST(MsgpackTree, describes_the_extensions_of_the_library) {
  const double numbers[] = {1, 2};
  const auto array = *ndarray::Array::of<double>(numbers, {2, 1});
  EXPECT_TRUE(
      tree_of(msgpack::encode(array).bytes()).text.contains(": array of float64, shape (2, 1)\n"));
  EXPECT_TRUE(tree_of(msgpack::encode(ArrowSchema()).bytes())
                  .text.contains(": Arrow schema of 0 fields\n"));
  EXPECT_TRUE(tree_of(bytes_of("\xd6\xff\0\0\0\0"sv))
                  .text.contains("ext -1 of 4 bytes: 1970-01-01T00:00:00Z\n"));
  EXPECT_TRUE(tree_of(bytes_of("\xd4\x04x"sv)).text.contains(": a broken array: "));
  EXPECT_TRUE(tree_of(bytes_of("\xd4\x07x"sv)).text.ends_with("ext 7 of 1 bytes\n"));
}

// ---- detect ----

std::string names_of(std::string_view bytes) {
  std::string names;
  for (const Reading& reading : detect(bytes_of(bytes)))
    names += (names.empty() ? "" : " | ") + reading.name;
  return names;
}

TEST(Detect, names_every_possibility) {
  EXPECT_EQ(names_of(""), "");
  EXPECT_EQ(names_of("{\"a\": 1}"), "json");
  EXPECT_EQ(names_of("\x81\xa1"
                     "a\x01"),
            "msgpack");
  EXPECT_EQ(names_of("7"), "json | msgpack");
  EXPECT_EQ(names_of("\x90\x90"), "msgpack, several values");
  EXPECT_EQ(names_of("{}\n{}\n"), "json, one value per line");
  EXPECT_EQ(names_of("hello"), "");
  EXPECT_EQ(names_of("\x1F\x8B\x08\0"sv), "gzip");
  EXPECT_EQ(names_of("\xC1SW\x01\x02\x02\x05zzz"sv),
            "structwire envelope 1: msgpack, compressed with zstd from 5 bytes, no checksum, payload of 3 bytes");
  EXPECT_EQ(names_of("\xC1SW\x01\x01\x10\x03{}"sv),
            "structwire envelope 1: json, version 3, no checksum, payload of 2 bytes");
  EXPECT_EQ(names_of("\xC1SW\x01\x02"sv), "structwire envelope, damaged: The envelope ends inside its head");
  EXPECT_EQ(names_of("\xC1SW\x02\x02\x02"sv),
            "structwire envelope, damaged: Envelope of version 2; 1 is known here");
  const double numbers[] = {1, 2};
  const Bytes npy = ndarray::to_npy(*ndarray::View::of<double>(numbers, {2}));
  EXPECT_EQ(names_of({reinterpret_cast<const char*>(npy.data()), npy.size()}),
            ".npy file: array of float64, shape (2)");
  const ArrowSchema schema;
  EXPECT_EQ(names_of({reinterpret_cast<const char*>(schema.bytes().data()), schema.bytes().size()}),
            "Arrow schema of 0 fields");
}

}  // namespace
}  // namespace structwire::cli
