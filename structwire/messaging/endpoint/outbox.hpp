// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small messages to one peer share frames: what the calls of one round of a loop have to say goes out together.

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include <structwire/messaging/payload.hpp>

namespace structwire::messaging {

/// Collects messages into frames. They are written one behind the other into a block of memory that many frames share,
/// so a message costs no allocation; whoever keeps a part of it (to send it again) keeps its block.
class Outbox {
 public:
  explicit Outbox(std::size_t frame_bytes) : frame_bytes_(frame_bytes) {}

  /// Room for `size` bytes of a message, to be written at once; pass_on(Frame) takes a frame that must go before.
  template <class PassOn>
  std::span<std::byte> room(std::size_t size, PassOn&& pass_on) {
    const std::size_t start = aligned(end_);
    if (block_ == nullptr || start + size > block_->size() || (end_ != start_ && start + size - start_ > frame_bytes_)) {
      flush(pass_on);
      end_ = start_ = aligned(end_);
      if (block_ == nullptr || end_ + size > block_->size()) renew(size);
    } else if (end_ != start_) {
      std::memset(block_->data() + end_, 0, start - end_);
      end_ = start;
    }
    const std::size_t at = end_;
    end_ += size;
    return {block_->data() + at, size};
  }
  /// Would room(size) give what is behind the last message, in its frame?
  bool continues(std::size_t size) const noexcept {
    const std::size_t start = aligned(end_);
    return end_ != start_ && start + size <= block_->size() && start + size - start_ <= frame_bytes_;
  }
  /// The last `size` bytes that room() gave.
  Payload last(std::size_t size) const {
    return {std::span(block_->data() + end_ - size, size), block_};
  }
  template <class PassOn>
  void flush(PassOn&& pass_on) {
    if (end_ != start_) pass_on(take({}));
  }
  /// The frame so far, and with it the payload of its last message.
  Frame take(Payload body) {
    Frame frame{{std::span(block_->data() + start_, end_ - start_), block_}, std::move(body)};
    end_ = start_ = aligned(end_);
    return frame;
  }
  /// What was not taken goes nowhere. It stays where it is: somebody may keep a part of it.
  void discard() noexcept { end_ = start_ = aligned(end_); }
  bool empty() const noexcept { return end_ == start_; }
  std::size_t size() const noexcept { return end_ - start_; }

 private:
  static constexpr std::size_t frames_per_block = 4;
  static constexpr std::size_t aligned(std::size_t place) noexcept { return (place + 7) & ~std::size_t{7}; }

  void renew(std::size_t least) {
    block_ = std::make_shared<Buffer>();
    block_->resize_uninitialized(std::max(least, frame_bytes_ * frames_per_block));
    start_ = end_ = 0;
  }

  std::size_t frame_bytes_;
  std::shared_ptr<Buffer> block_;
  std::size_t start_ = 0;  ///< Of the frame that is being filled.
  std::size_t end_ = 0;
};

}  // namespace structwire::messaging
