// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/endpoint/sequence.hpp>

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/messaging/seeded_random.hpp>

namespace structwire::messaging {
namespace {

// One behind the other at multiples of 8 bytes, as the endpoint writes them; the number of each is its sequence.
Payload several(std::uint64_t first, std::uint32_t count, SeededRandom& random) {
  Buffer bytes;
  const ExtensionWriter extensions;
  for (std::uint64_t number = first; number != first + count; ++number) {
    bytes.append(std::vector<std::byte>((8 - bytes.size() % 8) % 8));
    const std::uint64_t size = random.below(20);
    EXPECT_TRUE(append_header({.sequence = number, .payload_size = size}, extensions, bytes));
    bytes.append(std::vector<std::byte>(size, std::byte{1}));
  }
  return Payload(std::move(bytes));
}

// The model is a set of numbers.
TEST(SentMessages, many_that_are_kept_together_are_acknowledged_one_by_one) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    SentMessages messages;
    std::set<std::uint64_t> left;
    std::uint64_t expected = 1;
    for (int step = 0; step != 60; ++step) {
      if (random.chance(0.5)) {
        const auto count = static_cast<std::uint32_t>(random.chance(0.3) ? 1 : random.between(2, 40));
        for (std::uint64_t number = messages.next(); number != messages.next() + count; ++number) left.insert(number);
        messages.keep({.head = several(messages.next(), count, random), .owner = 1, .count = count});
      } else {
        expected += random.below(messages.next() - expected + 1);
        const std::uint64_t behind = random.chance(0.5) ? 0 : random.bits() & random.bits();
        std::uint64_t told = 0;
        ASSERT_TRUE(messages.acknowledge(expected, behind, [&](const SentMessage& message) { told += message.count; }));
        const std::size_t before = left.size();
        std::erase_if(left, [&](std::uint64_t number) {
          return number < expected || (number > expected && number - expected <= 64 && (behind >> (number - expected - 1) & 1) != 0);
        });
        ASSERT_EQ(told, before - left.size());
      }
      std::vector<std::uint64_t> kept;
      std::uint64_t bytes = 0;
      messages.each([&](SentMessage& message) {
        std::size_t place = 0;
        for (std::uint32_t each = 0; each != message.count; ++each) {
          const auto view = read_header(message.head.bytes().subspan(place));
          EXPECT_TRUE(view);
          if (!view) return false;
          kept.push_back(view->header.sequence);
          place = next_message(message.head.bytes(), place);
        }
        EXPECT_EQ(place, message.head.size());
        bytes += message.size();
        return true;
      });
      ASSERT_EQ(kept, std::vector<std::uint64_t>(left.begin(), left.end()));
      ASSERT_EQ(messages.amount(), (Amount{left.size(), bytes}));
    }
  }
}

}  // namespace
}  // namespace structwire::messaging
