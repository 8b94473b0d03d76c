// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/large_buffers.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/messaging/typed_payload.hpp>

namespace structwire::messaging {
namespace {

Payload payload_of(std::size_t size) { return encoded(std::string(size, 'x')).value().payload; }

constexpr std::size_t megabyte = 1 << 20;

TEST(LargeBuffers, what_was_sent_is_encoded_into_again) {
  (void)payload_of(megabyte);
  const std::uint64_t before = LargeBuffers::reused();
  const Payload again = payload_of(megabyte);
  EXPECT_EQ(LargeBuffers::reused(), before + 1);
  EXPECT_EQ(again.size(), megabyte + 5);
}

TEST(LargeBuffers, one_that_is_held_is_nobody_elses) {
  std::vector<Payload> held;
  for (int i = 0; i < 8; ++i) {
    held.push_back(payload_of(megabyte));
    for (int other = 0; other < i; ++other) ASSERT_NE(held.back().data(), held[static_cast<std::size_t>(other)].data());
  }
}

// Takes all that are kept out; how many bytes they have.
std::size_t drain() {
  std::size_t bytes = 0;
  for (Buffer buffer = LargeBuffers::take(megabyte); buffer.capacity() != 0; buffer = LargeBuffers::take(megabyte)) {
    bytes += buffer.capacity();
  }
  return bytes;
}

// A queue of small values must not hold the memory of large ones.
TEST(LargeBuffers, a_smaller_value_does_not_take_one_along) {
  for (const std::size_t size : {std::size_t{100}, std::size_t{10'000}, std::size_t{100'000}}) {
    (void)payload_of(megabyte);
    drain();
    (void)payload_of(megabyte);
    const Payload held = payload_of(size);
    EXPECT_GE(drain(), megabyte) << size;
  }
}

TEST(LargeBuffers, what_is_kept_has_a_bound) {
  std::vector<Payload> held;
  for (std::size_t i = 0; i < 2 * LargeBuffers::kept_bytes_max / megabyte; ++i) held.push_back(payload_of(megabyte));
  held.clear();
  const std::size_t kept = drain();
  EXPECT_GT(kept, 0u);
  EXPECT_LE(kept, LargeBuffers::kept_bytes_max);
}

TEST(LargeBuffers, what_nobody_took_for_longest_makes_room) {
  drain();
  std::vector<Payload> held;
  for (std::size_t i = 0; i < LargeBuffers::kept_bytes_max / megabyte; ++i) held.push_back(payload_of(megabyte));
  held.clear();
  // A little larger than all of these.
  (void)payload_of(megabyte + 100);
  const std::uint64_t before = LargeBuffers::reused();
  (void)payload_of(megabyte + 100);
  EXPECT_EQ(LargeBuffers::reused(), before + 1);
}

}  // namespace
}  // namespace structwire::messaging
