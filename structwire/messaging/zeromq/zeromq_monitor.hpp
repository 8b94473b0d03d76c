// SPDX-License-Identifier: Apache-2.0
#pragma once

// What libzmq tells of the connections of a socket.

#include <cstdint>
#include <optional>
#include <utility>

#include <structwire/messaging/zeromq/zeromq_socket.hpp>

namespace structwire::messaging::zeromq_detail {

struct MonitorEvent {
  enum class Kind : std::uint8_t {
    accepted,          ///< By who listens; the handshake comes next.
    ready,             ///< The handshake is done.
    handshake_failed,  ///< It will be closed.
    closed,            ///< The connection is gone, or could not be made.
  };
  Kind kind = Kind::closed;
  int descriptor = -1;  ///< Of the connection: of `accepted` and `closed`.
};

/// Tells the connections of a socket. Declared behind the socket, so that it ends first.
class Monitor {
 public:
  Monitor() noexcept = default;
  Monitor(Monitor&& other) noexcept
      : watched_(std::exchange(other.watched_, nullptr)), events_(std::move(other.events_)) {}
  Monitor& operator=(Monitor&& other) noexcept;
  ~Monitor() { stop(); }

  static Result<Monitor> of(const Context& context, const Socket& socket, bool dials);
  void stop() noexcept;
  int descriptor() const noexcept { return events_.descriptor(); }
  std::optional<MonitorEvent> next() noexcept;

 private:
  void* watched_ = nullptr;
  Socket events_;
};

}  // namespace structwire::messaging::zeromq_detail
