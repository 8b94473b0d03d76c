// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/stream/stream_outgoing.hpp>

#include <algorithm>
#include <utility>

#include <structwire/messaging/stream/stream_wire.hpp>

namespace structwire::messaging::stream_detail {

namespace {

constexpr std::size_t gathered_bytes_max = 64u << 10;
constexpr std::size_t first_room = 2048;
// A connection without anything to send holds this at most.
constexpr std::size_t spare_bytes_max = 16u << 10;

}  // namespace

void Outgoing::add(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  const bool fits = !pieces_.empty() && pieces_.back().kept.empty() &&
                    pieces_.back().copied.size() + bytes.size() <= gathered_bytes_max;
  if (!fits) {
    pieces_.push_back({.copied = std::exchange(spare_, {}), .kept = {}});
    pieces_.back().copied.reserve(std::max(bytes.size(), first_room));
  }
  pieces_.back().copied.append(bytes);
  bytes_ += bytes.size();
}

void Outgoing::add_part(const Payload& part) {
  if (part.size() < zero_copy_from_) {
    add(part.bytes());
    return;
  }
  if (part.empty()) return;
  pieces_.push_back({.copied = {}, .kept = part});
  bytes_ += part.size();
}

void Outgoing::add(Frame frame) {
  add(lengths_of(frame));
  add_part(frame.head);
  add_part(frame.body);
  frame_ends_.push_back(position_ + bytes_);
}

std::size_t Outgoing::pieces(std::span<std::span<const std::byte>> to) const noexcept {
  const std::size_t count = std::min(to.size(), pieces_.size());
  for (std::size_t i = 0; i < count; ++i) to[i] = pieces_[i].bytes();
  if (count != 0) to[0] = to[0].subspan(first_sent_);
  return count;
}

std::size_t Outgoing::sent(std::size_t bytes) {
  bytes_ -= bytes;
  position_ += bytes;
  first_sent_ += bytes;
  while (!pieces_.empty() && first_sent_ >= pieces_.front().bytes().size()) {
    Piece& gone = pieces_.front();
    first_sent_ -= gone.bytes().size();
    if (gone.copied.capacity() > spare_.capacity() && gone.copied.capacity() <= spare_bytes_max) {
      gone.copied.clear();
      spare_ = std::move(gone.copied);
    }
    pieces_.pop_front();
  }
  std::size_t frames = 0;
  for (; !frame_ends_.empty() && frame_ends_.front() <= position_; ++frames) frame_ends_.pop_front();
  return frames;
}

std::size_t Outgoing::drop() {
  const std::size_t frames = frame_ends_.size();
  position_ += bytes_;
  bytes_ = first_sent_ = 0;
  pieces_.clear();
  frame_ends_.clear();
  return frames;
}

}  // namespace structwire::messaging::stream_detail
