// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/endpoint/hello.hpp>

#include <gtest/gtest.h>

#include <structwire/msgpack.hpp>

namespace structwire::messaging {
namespace {

Hello hello() {
  Hello made;
  made.incarnation = 9;
  made.name = "worker-1";
  made.minor_max = 3;
  made.features = 0b1011;
  made.formats = {2, 1};
  made.payload_bytes_max = 1000;
  made.credit_messages = 16;
  made.heartbeat_ms = 500;
  made.handlers = {{"orders.place", 1, 11, 12, {13}, true, Ordering::by_sender}, {"orders.list", 2}};
  return made;
}

TEST(Hello, is_read_as_it_was_written) {
  EXPECT_EQ(decode_hello(encode_hello(hello()).bytes()).value(), hello());
}

TEST(Hello, both_do_what_both_can) {
  Hello theirs = hello();
  theirs.minor_max = 1;
  theirs.features = 0b0110;
  theirs.formats = {1, 4};
  theirs.payload_bytes_max = 50;
  theirs.heartbeat_ms = 2000;
  const auto both = agree(hello(), theirs);
  ASSERT_TRUE(both);
  EXPECT_EQ(*both, (Agreement{.minor = 1,
                              .features = 0b0010,
                              .formats = {1},
                              .payload_bytes_max = 50,
                              .heartbeat_ms = 2000}));
  EXPECT_TRUE(both->has(Feature::selective_acks));
  EXPECT_FALSE(both->has(Feature::batches));
  theirs.formats = {4};
  EXPECT_EQ(agree(hello(), theirs).error().code(), ErrorCode::unsupported);
}

TEST(Hello, of_a_later_version_is_understood_and_bad_ones_are_refused) {
  struct Later {
    Uuid instance;
    std::uint64_t incarnation = 4;
    std::string invention = "x";
  };
  const auto later = decode_hello(msgpack::encode(Later{}).bytes());
  ASSERT_TRUE(later) << later.error().message();
  EXPECT_EQ(later->incarnation, 4u);

  Hello twice = hello();
  twice.handlers[1].slot = 1;
  EXPECT_EQ(decode_hello(encode_hello(twice).bytes()).error().code(), ErrorCode::unsupported);
  twice.handlers[1].slot = 0;
  EXPECT_EQ(decode_hello(encode_hello(twice).bytes()).error().code(), ErrorCode::unsupported);
  const Buffer bytes = encode_hello(hello());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_hello(bytes.bytes().first(size))) << size;
  }
}

}  // namespace
}  // namespace structwire::messaging
