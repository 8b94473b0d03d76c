// SPDX-License-Identifier: Apache-2.0
#pragma once

// A message of libzmq as it was received, and the Payload that it becomes.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <structwire/messaging/payload.hpp>

namespace structwire::messaging::zeromq_detail {

/// A binary key as text; empty for what is none.
std::string z85(std::string_view key);

/// Does a link to this address (of an endpoint, or of a host as libzmq tells it; empty: of a socket in a folder) end on
/// this machine? Only what says so by itself; names are not looked up.
bool stays_here(std::string_view address) noexcept;

/// One part of a message.
class Message {
 public:
  Message() noexcept;
  ~Message();
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  std::span<const std::byte> bytes() const noexcept;
  std::string_view text() const noexcept;
  std::size_t size() const noexcept { return bytes().size(); }
  /// Is there another part of the same message?
  bool more() const noexcept;
  /// What libzmq knows of the connection that it came by; empty where it knows nothing.
  std::string_view property(const char* name) const noexcept;
  /// The descriptor of that connection; -1 where it has none.
  int descriptor() const noexcept;
  /// The same for messages of one connection, and another one for each while a message of it exists.
  const void* connection() const noexcept { return property("Peer-Address").data(); }

  /// Large parts stay where they are, and are owned by the payload; small ones, which libzmq leaves in the buffer that
  /// it received many in, and at odd addresses, are copied. Either way it begins at a multiple of 8.
  Payload take();
  void take_from(Message& other) noexcept;

  void* raw() noexcept { return raw_.data(); }

 private:
  alignas(void*) std::array<std::byte, 64> raw_;
};

}  // namespace structwire::messaging::zeromq_detail
