// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/stream/stream_wire.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include <structwire/messaging/stream/stream_outgoing.hpp>
#include <tests/support/random.hpp>

namespace structwire::messaging::stream_detail {
namespace {

constexpr std::size_t part_max = 4u << 20;
constexpr std::size_t claimed_max = 64u << 10;

Payload bytes_of(std::size_t size, std::uint64_t seed) {
  test::Random random(seed);
  Buffer buffer;
  buffer.resize_uninitialized(size);
  for (std::size_t i = 0; i < size; ++i) buffer.data()[i] = static_cast<std::byte>(random.bits());
  return Payload(std::move(buffer));
}

bool same(const Frame& a, const Frame& b) {
  return std::ranges::equal(a.head.bytes(), b.head.bytes()) && std::ranges::equal(a.body.bytes(), b.body.bytes());
}

Buffer written(const std::vector<Frame>& frames) {
  Buffer all;
  for (const Frame& frame : frames) {
    all.append(lengths_of(frame));
    all.append(frame.head.bytes());
    all.append(frame.body.bytes());
  }
  return all;
}

std::vector<Frame> some_frames(test::Random& random) {
  const std::size_t sizes[] = {0, 1, 7, 64, 4095, 4096, 65535, 65536, 70'000, 300'000};
  std::vector<Frame> frames;
  for (std::uint64_t i = 0; i < 12; ++i)
    frames.push_back({bytes_of(std::max<std::size_t>(sizes[random.below(10)], 1), i), bytes_of(sizes[random.below(10)], i + 100)});
  return frames;
}

TEST(StreamWire, a_preface_is_eight_bytes_that_name_a_role) {
  const auto preface = preface_of(Role::dials);
  EXPECT_EQ(std::memcmp(preface.data(), "\x89SWS\r\nd\x01", preface.size()), 0);
  for (std::size_t cut = 0; cut <= preface.size(); ++cut) {
    PrefaceReader reader(Role::dials);
    std::span<const std::byte> first = std::span(preface).first(cut);
    EXPECT_EQ(reader.take(first), cut == preface.size() ? Step::done : Step::more);
    EXPECT_TRUE(first.empty());
    if (cut == preface.size()) break;
    auto changed = preface;
    changed[cut] = cut == 7 ? std::byte{} : changed[cut] ^ std::byte{1};
    std::span<const std::byte> rest = std::span(changed).subspan(cut);
    EXPECT_EQ(reader.take(rest), Step::refused);
    EXPECT_EQ(reader.taken(), cut);
  }
  PrefaceReader reader(Role::listens);
  std::span<const std::byte> own = preface;
  EXPECT_EQ(reader.take(own), Step::refused) << "of one's own";
}

TEST(StreamWire, frames_in_pieces_of_any_size_are_the_same) {
  test::Random random(test::random_seed());
  for (int round = 0; round < 20; ++round) {
    const std::vector<Frame> frames = some_frames(random);
    const Buffer all = written(frames);
    FrameReader reader(part_max, claimed_max);
    std::span<const std::byte> left = all.bytes();
    std::size_t found = 0;
    const std::uint64_t largest = random.once_in(2) ? 200'000 : 5000;
    while (!left.empty()) {
      // Some are put where they belong, others are given to it.
      if (const auto room = reader.room(); !room.empty() && random.once_in(2)) {
        const std::size_t count = std::min({room.size(), left.size(), static_cast<std::size_t>(random.below(largest) + 1)});
        std::memcpy(room.data(), left.data(), count);
        reader.filled(count);
        left = left.subspan(count);
      }
      std::span<const std::byte> piece = left.first(std::min<std::size_t>(left.size(), random.below(largest)));
      left = left.subspan(piece.size());
      while (reader.take(piece) == Step::done) {
        ASSERT_LT(found, frames.size());
        const Frame frame = reader.frame();
        EXPECT_TRUE(same(frame, frames[found])) << found;
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(frame.head.data()) % 8, 0u);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(frame.body.data()) % 8, 0u);
        ++found;
      }
      ASSERT_TRUE(piece.empty());
    }
    EXPECT_EQ(found, frames.size());
  }
}

TEST(StreamWire, a_frame_that_is_cut_anywhere_is_none) {
  const Frame frame{bytes_of(40, 1), bytes_of(30, 2)};
  const Buffer all = written({frame});
  for (std::size_t cut = 0; cut < all.size(); ++cut) {
    FrameReader reader(part_max, claimed_max);
    std::span<const std::byte> first = all.bytes().first(cut);
    EXPECT_EQ(reader.take(first), Step::more) << cut;
    std::span<const std::byte> rest = all.bytes().subspan(cut);
    EXPECT_EQ(reader.take(rest), Step::done) << cut;
    EXPECT_TRUE(same(reader.frame(), frame)) << cut;
  }
}

TEST(StreamWire, lengths_that_no_frame_has_are_refused_for_good) {
  const std::pair<std::uint32_t, std::uint32_t> lies[] = {{0, 0}, {0, 1}, {part_max + 1, 0}, {1, part_max + 1}, {~0u, ~0u}};
  for (const auto& [head, body] : lies) {
    FrameReader reader(part_max, claimed_max);
    std::array<std::byte, lengths_size> lengths{};
    for (std::size_t i = 0; i < 4; ++i) {
      lengths[i] = static_cast<std::byte>(head >> 8 * i);
      lengths[4 + i] = static_cast<std::byte>(body >> 8 * i);
    }
    std::span<const std::byte> bytes = lengths;
    EXPECT_EQ(reader.take(bytes), Step::refused);
    EXPECT_TRUE(reader.room().empty());
    const Buffer good = written({{bytes_of(8, 1), {}}});
    bytes = good.bytes();
    EXPECT_EQ(reader.take(bytes), Step::refused);
  }
}

TEST(StreamWire, memory_grows_with_what_arrived) {
  for (const bool in_place : {false, true}) {
    const Buffer all = written({{bytes_of(8, 1), bytes_of(part_max, 2)}});
    FrameReader reader(part_max, claimed_max);
    std::span<const std::byte> left = all.bytes();
    std::size_t arrived = 0;
    while (!left.empty()) {
      std::span<std::byte> room = in_place ? reader.room() : std::span<std::byte>();
      room = room.first(std::min({room.size(), left.size(), std::size_t{1000}}));
      std::span<const std::byte> piece = left.first(room.empty() ? std::min<std::size_t>(left.size(), 1000) : room.size());
      left = left.subspan(piece.size());
      arrived += piece.size();
      if (!room.empty()) {
        std::memcpy(room.data(), piece.data(), piece.size());
        reader.filled(piece.size());
        piece = {};
      }
      const Step step = reader.take(piece);
      EXPECT_EQ(step, left.empty() ? Step::done : Step::more);
      ASSERT_LE(reader.allocated(), claimed_max + 4 * arrived);
    }
    EXPECT_EQ(reader.frame().body.size(), part_max);
  }
}

// ---- Outgoing

// Sends pieces of any size, and has what was sent.
TEST(StreamOutgoing, what_goes_out_is_what_was_added) {
  test::Random random(test::random_seed());
  for (int round = 0; round < 20; ++round) {
    const std::vector<Frame> frames = some_frames(random);
    Outgoing outgoing(8192);
    Buffer out;
    std::size_t added = 0;
    std::size_t gone = 0;
    while (added < frames.size() || !outgoing.empty()) {
      if (added < frames.size() && random.once_in(2)) outgoing.add(Frame(frames[added++]));
      std::array<std::span<const std::byte>, 4> pieces;
      const std::size_t count = outgoing.pieces(pieces);
      std::size_t some = random.below(100'000);
      std::size_t sent = 0;
      for (std::size_t i = 0; i < count && some != 0; ++i) {
        const auto part = pieces[i].first(std::min(pieces[i].size(), some));
        out.append(part);
        some -= part.size();
        sent += part.size();
      }
      gone += outgoing.sent(sent);
    }
    EXPECT_EQ(gone, frames.size());
    EXPECT_EQ(outgoing.bytes(), 0u);
    EXPECT_TRUE(out == written(frames));
  }
}

TEST(StreamOutgoing, small_frames_are_one_piece_and_large_parts_stay_where_they_are) {
  Outgoing outgoing(8192);
  for (std::uint64_t i = 0; i < 100; ++i) outgoing.add({bytes_of(100, i), bytes_of(10, i)});
  const Payload large = bytes_of(8192, 7);
  outgoing.add({bytes_of(100, 1), large});
  outgoing.add({bytes_of(100, 1), {}});
  std::array<std::span<const std::byte>, 8> pieces;
  ASSERT_EQ(outgoing.pieces(pieces), 3u);
  EXPECT_EQ(pieces[1].data(), large.data());
  EXPECT_EQ(outgoing.sent(pieces[0].size() - 1), 100u);
  EXPECT_EQ(outgoing.sent(1 + 8191), 0u);
  EXPECT_EQ(outgoing.sent(1), 1u);
  EXPECT_EQ(outgoing.drop(), 1u);
  EXPECT_TRUE(outgoing.empty());
}

}  // namespace
}  // namespace structwire::messaging::stream_detail
