// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/endpoint/header.hpp>

#include <gtest/gtest.h>

#include <vector>

#include <structwire/contract/checksum.hpp>
#include <structwire/messaging/little_endian.hpp>

namespace structwire::messaging {
namespace {

Header request() {
  Header header;
  header.kind = MessageKind::request;
  header.delivery = Delivery::response;
  header.format = 2;
  header.set(Flag::idempotent);
  header.set(Flag::trace);
  header.id = {0x0123456789abcdef, 42};
  header.sequence = 7;
  header.schema = 0xfedcba9876543210;
  header.handler = 3;
  header.time_left_us = 1'500'000;
  header.payload_size = 100;
  return header;
}

Buffer encoded(const Header& header, const ExtensionWriter& extensions = {}) {
  Buffer out;
  EXPECT_TRUE(append_header(header, extensions, out));
  return out;
}

// Changes bytes of a header and mends its checksum, so that what is changed is found for itself.
Buffer changed(Buffer frame, std::size_t at, std::uint8_t to) {
  frame.data()[at] = std::byte{to};
  const std::uint32_t sum =
      crc32c(frame.bytes().subspan(header_size), crc32c(frame.bytes().first(60)));
  store_little(frame.data() + 60, sum);
  return frame;
}

ErrorCode code_of(std::span<const std::byte> frame, const HeaderLimits& limits = {}) {
  const auto read = read_header(frame, limits);
  return read ? ErrorCode::none : read.error().code();
}

TEST(Header, is_read_as_it_was_written) {
  ExtensionWriter extensions;
  extensions.add(ExtensionType::handler_name, "orders.place");
  extensions.add_u32(ExtensionType::depth, 4, true);
  extensions.add_u64(ExtensionType::key, 0x1122334455667788);
  const Buffer frame = encoded(request(), extensions);
  EXPECT_EQ(frame.size() % 8, 0u);
  const auto read = read_header(frame);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->header, request());
  EXPECT_EQ(read->size, frame.size());
  EXPECT_EQ(read->extensions.find(ExtensionType::handler_name)->text(), "orders.place");
  EXPECT_EQ(read->extensions.find(ExtensionType::depth)->u32(), 4u);
  EXPECT_TRUE(read->extensions.find(ExtensionType::depth)->critical);
  EXPECT_EQ(read->extensions.find(ExtensionType::key)->u64(), 0x1122334455667788u);
  EXPECT_FALSE(read->extensions.find(ExtensionType::failure));
  ExtensionList all = read->extensions;
  int count = 0;
  while (all.next()) ++count;
  EXPECT_EQ(count, 3);
}

TEST(Header, has_the_bytes_of_the_document) {
  const Buffer frame = encoded(request());
  ASSERT_EQ(frame.size(), header_size);
  std::string hex;
  for (const std::byte each : frame.bytes()) {
    hex += "0123456789abcdef"[static_cast<unsigned>(each) >> 4];
    hex += "0123456789abcdef"[static_cast<unsigned>(each) & 15];
  }
  EXPECT_EQ(hex,
            "f753574d"
            "0100"
            "4000"
            "01040200"
            "01000100"
            "efcdab89674523012a00000000000000"
            "0700000000000000"
            "1032547698badcfe"
            "03000000"
            "60e31600"
            "64000000"
            "8a98a322");
}

TEST(Header, every_truncation_and_every_changed_bit_is_refused) {
  ExtensionWriter extensions;
  extensions.add(ExtensionType::handler_name, "orders.place");
  const Buffer frame = encoded(request(), extensions);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_EQ(code_of(frame.bytes().first(size)), ErrorCode::unexpected_end) << size;
  }
  for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
    Buffer damaged = frame;
    damaged.data()[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_NE(code_of(damaged), ErrorCode::none) << "bit " << bit;
  }
}

TEST(Header, what_a_later_version_adds_is_refused_only_where_it_is_critical) {
  const Buffer frame = encoded(request());
  EXPECT_EQ(code_of(changed(frame, 4, 2)), ErrorCode::unsupported) << "major";
  EXPECT_EQ(code_of(changed(frame, 5, 9)), ErrorCode::none) << "minor";
  EXPECT_EQ(code_of(changed(frame, 8, 0)), ErrorCode::unsupported) << "kind";
  EXPECT_EQ(code_of(changed(frame, 8, 13)), ErrorCode::unsupported) << "kind";
  EXPECT_EQ(code_of(changed(frame, 9, 6)), ErrorCode::unsupported) << "delivery";
  EXPECT_EQ(code_of(changed(frame, 13, 0x80)), ErrorCode::unsupported) << "critical flag";
  EXPECT_EQ(code_of(changed(frame, 15, 0x80)), ErrorCode::none) << "other flag";
  ExtensionWriter unknown;
  unknown.add(static_cast<ExtensionType>(999), "x");
  EXPECT_EQ(code_of(encoded(request(), unknown)), ErrorCode::none);
  unknown.add(static_cast<ExtensionType>(999), "x", true);
  EXPECT_EQ(code_of(encoded(request(), unknown)), ErrorCode::unsupported);
}

TEST(Header, extensions_stay_inside_their_header) {
  ExtensionWriter extensions;
  extensions.add(ExtensionType::handler_name, "name");
  const Buffer frame = encoded(request(), extensions);
  EXPECT_EQ(code_of(changed(frame, 66, 9)), ErrorCode::malformed);
  EXPECT_EQ(code_of(changed(frame, 67, 0xff)), ErrorCode::malformed);
}

TEST(Header, sizes_have_limits) {
  Header large = request();
  large.payload_size = std::uint64_t{5} << 32;
  const Buffer frame = encoded(large);
  EXPECT_EQ(code_of(frame), ErrorCode::size_limit);
  const auto read = read_header(frame, {.payload_bytes = std::uint64_t{1} << 40});
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->header.payload_size, large.payload_size);

  ExtensionWriter many;
  many.add(ExtensionType::user_header, std::string(5000, 'x'));
  EXPECT_EQ(code_of(encoded(request(), many)), ErrorCode::size_limit);
  EXPECT_EQ(code_of(encoded(request(), many), {.header_bytes = 8192}), ErrorCode::none);
  many.add(ExtensionType::user_header, std::string(65000, 'x'));
  Buffer out;
  EXPECT_EQ(append_header(request(), many, out).error().code(), ErrorCode::size_limit);
  EXPECT_TRUE(out.empty());
}

TEST(Failure, is_read_as_it_was_written_and_its_text_is_cut_at_a_character) {
  for (const Failure& failure : {Failure{FailureCode::overloaded, true, 250, "too much"},
                                 Failure{FailureCode::handler_not_found, false, 0, ""}}) {
    ExtensionWriter extensions;
    add_failure(extensions, failure);
    const Buffer frame = encoded(request(), extensions);
    const auto view = read_header(frame);
    EXPECT_EQ(read_failure(*view->extensions.find(ExtensionType::failure)).value(), failure);
  }
  ExtensionWriter extensions;
  std::string text(1023, 'x');
  text += "\u00e4";
  add_failure(extensions, {FailureCode::bad_payload, false, 0, text});
  const Buffer frame = encoded(request(), extensions);
  EXPECT_EQ(read_failure(*read_header(frame)->extensions.find(ExtensionType::failure))->text,
            std::string(1023, 'x'));
}

// Beside the size of a payload that its own field cannot hold, and beside extensions of the sender.
TEST(Header, of_a_compressed_payload_tells_its_size_without) {
  Header header{.kind = MessageKind::request, .compression = 2, .payload_size = std::uint64_t{5} << 32, .plain_size = std::uint64_t{9} << 40};
  ExtensionWriter extensions;
  extensions.add_u32(ExtensionType::depth, 3);
  Buffer frame;
  ASSERT_TRUE(append_header(header, extensions, frame));
  EXPECT_EQ(frame.size(), size_of_header(header, extensions));
  const auto read = read_header(frame.bytes(), {.payload_bytes = ~std::uint64_t{0}});
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->header, header);
  EXPECT_EQ(read->header.size_in_memory(), header.plain_size);
  EXPECT_EQ(read->extensions.find(ExtensionType::depth)->u32(), 3u);
  // A plain payload has no other size, whoever says so.
  header.compression = 0;
  header.payload_size = 7;
  ExtensionWriter stray;
  stray.add_u64(ExtensionType::plain_size, 99);
  Buffer plain;
  ASSERT_TRUE(append_header(header, stray, plain));
  const auto again = read_header(plain.bytes());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->header.plain_size, 0u);
  EXPECT_EQ(again->header.size_in_memory(), 7u);
}

}  // namespace
}  // namespace structwire::messaging
