// SPDX-License-Identifier: Apache-2.0
#pragma once

// Large buffers that were sent, kept for what is encoded next. Fresh memory of a megabyte costs 256 page faults, which
// were a third of a round trip with that payload: glibc gives such blocks back to the system when they are freed.

#include <cstddef>
#include <cstdint>

#include <structwire/core/buffer.hpp>
#include <structwire/messaging/payload.hpp>

namespace structwire::messaging {

/// Of the process; for any thread. It keeps at most `kept_bytes_max` bytes for as long as the process lives.
class LargeBuffers {
 public:
  static constexpr std::size_t large = 64 * 1024;
  static constexpr std::size_t kept_bytes_max = 8u << 20;

  /// An empty one with room for `size` bytes and not much more, or one without any room.
  static Buffer take(std::size_t size);
  /// Keeps it, where there is room.
  static void give_back(Buffer&& buffer) noexcept;
  /// A payload whose buffer comes back here when the last share in it dies.
  static Payload payload(Buffer&& buffer);
  /// How often take() had one, since the program began.
  static std::uint64_t reused() noexcept;
};

}  // namespace structwire::messaging
