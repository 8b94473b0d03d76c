// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes that travel: owned together by all who hold them, never changed, never copied on the way.

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include <structwire/core/buffer.hpp>

namespace structwire::messaging {

/// A range of bytes and a share in what keeps them alive: an encoded value, a frame of a socket, a part of either.
/// Copies are cheap and share; threads may hold copies of one at a time, as with shared_ptr.
class Payload {
 public:
  Payload() noexcept = default;
  /// Takes the buffer over.
  explicit Payload(Buffer&& buffer) {
    if (buffer.empty()) return;
    auto owner = std::make_shared<const Buffer>(std::move(buffer));
    bytes_ = owner->bytes();
    owner_ = std::move(owner);
  }
  /// `owner` keeps `bytes` alive.
  Payload(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) noexcept
      : bytes_(bytes), owner_(std::move(owner)) {}
  /// A copy of the bytes, alone. One allocation.
  static Payload copy(std::span<const std::byte> bytes) {
    if (bytes.empty()) return {};
    auto block = std::make_shared_for_overwrite<std::byte[]>(bytes.size());
    std::memcpy(block.get(), bytes.data(), bytes.size());
    const std::span<const std::byte> copied(block.get(), bytes.size());
    return {copied, std::move(block)};
  }

  std::span<const std::byte> bytes() const noexcept { return bytes_; }
  const std::byte* data() const noexcept { return bytes_.data(); }
  std::size_t size() const noexcept { return bytes_.size(); }
  bool empty() const noexcept { return bytes_.empty(); }

  /// A part of it, which keeps the whole alive.
  Payload part(std::size_t offset, std::size_t size) const {
    return {bytes_.subspan(offset, size), owner_};
  }
  /// Keeps nothing else alive: a copy where these bytes are a part of something larger. For who holds on to few bytes
  /// for long.
  Payload detach() const { return copy(bytes_); }

 private:
  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
};

/// What goes over a link in one piece, and arrives whole or not at all: `head` is one or more messages back to back,
/// each a header and its payload, the next at a multiple of 8 bytes. The payload of the last may be `body` instead:
/// a large one, which nobody wants to copy behind its header.
struct Frame {
  Payload head;
  Payload body;

  std::size_t size() const noexcept { return head.size() + body.size(); }
};

}  // namespace structwire::messaging
