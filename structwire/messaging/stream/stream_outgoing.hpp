// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a stream connection has to send, as pieces of memory in their order: small frames are gathered into one piece,
// large parts stay where they are until the system has them.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>

#include <structwire/core/buffer.hpp>
#include <structwire/messaging/payload.hpp>

namespace structwire::messaging::stream_detail {

class Outgoing {
 public:
  explicit Outgoing(std::size_t zero_copy_from) : zero_copy_from_(zero_copy_from) {}

  /// Bytes that belong to no frame.
  void add(std::span<const std::byte> bytes);
  /// Its parts are no longer than a length can say.
  void add(Frame frame);

  bool empty() const noexcept { return pieces_.empty(); }
  std::size_t bytes() const noexcept { return bytes_; }
  /// The first pieces, as many as fit into `to`; returns how many.
  std::size_t pieces(std::span<std::span<const std::byte>> to) const noexcept;
  /// The first `bytes` are gone. Returns how many frames ended with them.
  std::size_t sent(std::size_t bytes);
  /// Forgets everything. Returns how many frames that were.
  std::size_t drop();

 private:
  struct Piece {
    Buffer copied;
    Payload kept;
    std::span<const std::byte> bytes() const noexcept { return kept.empty() ? copied.bytes() : kept.bytes(); }
  };

  void add_part(const Payload& part);

  std::size_t zero_copy_from_;
  std::deque<Piece> pieces_;
  std::size_t first_sent_ = 0;  ///< Of the first piece.
  std::size_t bytes_ = 0;
  std::uint64_t position_ = 0;  ///< Of the first byte, in all that was ever added.
  std::deque<std::uint64_t> frame_ends_;
  Buffer spare_;
};

}  // namespace structwire::messaging::stream_detail
