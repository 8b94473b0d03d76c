// SPDX-License-Identifier: Apache-2.0
//
// An input is what a stranger sends to a stream transport: a preface, and frames behind it. It arrives twice, all at once
// and in pieces whose sizes the first bytes choose, some of them put where the reader wants them: what comes out is the
// same, and it holds no more memory than what arrived accounts for. Nearly empty inputs become a few frames.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include <structwire/core/config.hpp>
#include <structwire/messaging/stream/stream_wire.hpp>

namespace {

using namespace structwire;
using namespace structwire::messaging;
using namespace structwire::messaging::stream_detail;

constexpr std::size_t part_bytes_max = 1u << 20;
constexpr std::size_t claimed_bytes_max = 64u << 10;

struct Heard {
  bool refused = false;
  std::vector<Frame> frames;
};

/// One after the other, as a connection does.
class Listening {
 public:
  void hear(std::span<const std::byte> bytes) {
    arrived_ += bytes.size();
    while (!heard.refused) {
      const Step step = greeted_ ? frames_.take(bytes) : preface_.take(bytes);
      STRUCTWIRE_ASSERT(frames_.allocated() <= claimed_bytes_max + part_bytes_max / 16 + 4 * arrived_);
      if (step == Step::more) return;
      if (step == Step::refused) {
        heard.refused = true;
      } else if (greeted_) {
        heard.frames.push_back(frames_.frame());
        STRUCTWIRE_ASSERT(!heard.frames.back().head.empty());
      }
      greeted_ = true;
    }
  }
  /// As much of `bytes` as it takes where it belongs.
  std::size_t place(std::span<const std::byte> bytes) {
    if (!greeted_ || heard.refused) return 0;
    const std::span<std::byte> room = frames_.room();
    const std::size_t count = std::min(room.size(), bytes.size());
    if (count == 0) return 0;
    std::memcpy(room.data(), bytes.data(), count);
    frames_.filled(count);
    arrived_ += count;
    hear({});
    return count;
  }

  Heard heard;

 private:
  bool greeted_ = false;
  std::size_t arrived_ = 0;
  PrefaceReader preface_{Role::dials};
  FrameReader frames_{part_bytes_max, claimed_bytes_max};
};

bool same(const Payload& a, const Payload& b) { return std::ranges::equal(a.bytes(), b.bytes()); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t choices = 4;
  if (size < choices) return 0;
  const std::span<const std::uint8_t> sizes(data, choices);
  const auto all = std::as_bytes(std::span(data + choices, size - choices));
  Listening whole;
  whole.hear(all);
  Listening pieces;
  std::span<const std::byte> left = all;
  for (std::size_t i = 0; !left.empty(); ++i) {
    const std::size_t choice = sizes[i % choices];
    const auto piece = left.first(std::min<std::size_t>(left.size(), 1 + choice * choice / 4));
    const std::size_t placed = choice % 2 == 0 ? pieces.place(piece) : 0;
    pieces.hear(piece.subspan(placed));
    left = left.subspan(piece.size());
  }
  STRUCTWIRE_ASSERT(whole.heard.refused == pieces.heard.refused);
  STRUCTWIRE_ASSERT(whole.heard.frames.size() == pieces.heard.frames.size());
  for (std::size_t i = 0; i < whole.heard.frames.size(); ++i) {
    STRUCTWIRE_ASSERT(same(whole.heard.frames[i].head, pieces.heard.frames[i].head));
    STRUCTWIRE_ASSERT(same(whole.heard.frames[i].body, pieces.heard.frames[i].body));
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned seed) {
  if (size > 16 && seed % 64 != 0) return LLVMFuzzerMutate(data, size, size_max);
  Buffer start{std::string_view("\4\x21\x80\xff", 4)};
  start.append(preface_of(Role::dials));
  for (unsigned i = 0; i < 3; ++i) {
    Buffer part;
    part.resize_uninitialized(1 + (seed >> (i * 3)) % 300);
    std::memset(part.data(), 'x', part.size());
    const Frame frame{Payload(std::move(part)), i == 1 ? Payload(Buffer("body")) : Payload()};
    start.append(lengths_of(frame));
    start.append(frame.head.bytes());
    start.append(frame.body.bytes());
  }
  if (start.size() > size_max) return LLVMFuzzerMutate(data, size, size_max);
  std::memcpy(data, start.data(), start.size());
  return start.size();
}
