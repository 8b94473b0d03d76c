// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/zeromq/zeromq_monitor.hpp>

#include <zmq.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>

namespace structwire::messaging::zeromq_detail {

namespace {

constexpr int events_of_both = ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                               ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                               ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
constexpr int events_of_who_listens = events_of_both | ZMQ_EVENT_ACCEPTED;
// ZMQ_EVENT_CLOSED is the connection that was never made.
constexpr int events_of_who_dials =
    events_of_both | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_CLOSED;

}  // namespace

Result<Monitor> Monitor::of(const Context& context, const Socket& socket, bool dials) {
  static std::atomic<std::uint64_t> names{0};
  const std::string address = "inproc://structwire.monitor." + std::to_string(++names);
  Monitor monitor;
  const int events = dials ? events_of_who_dials : events_of_who_listens;
  if (zmq_socket_monitor(socket.handle(), address.c_str(), events) != 0) {
    return std::unexpected(Error(
        ErrorCode::io, std::string("Cannot watch a ZeroMQ socket: ") + zmq_strerror(zmq_errno())));
  }
  monitor.watched_ = socket.handle();
  auto end = Socket::monitor_end(context, address);
  if (!end) return std::unexpected(end.error());
  monitor.events_ = std::move(*end);
  return monitor;
}

Monitor& Monitor::operator=(Monitor&& other) noexcept {
  std::swap(watched_, other.watched_);
  std::swap(events_, other.events_);
  return *this;
}

void Monitor::stop() noexcept {
  // In this order: an event for an end that is not there any more would stop libzmq's thread.
  if (watched_ != nullptr) zmq_socket_monitor(std::exchange(watched_, nullptr), nullptr, 0);
  events_.close();
}

std::optional<MonitorEvent> Monitor::next() noexcept {
  Message event;
  while (events_ && events_.receive(event)) {
    const auto bytes = event.bytes();
    std::uint16_t number = 0;
    std::int32_t value = 0;
    if (bytes.size() >= 6) {
      std::memcpy(&number, bytes.data(), 2);
      std::memcpy(&value, bytes.data() + 2, 4);
    }
    while (event.more() && events_.receive(event)) {
    }
    switch (number) {
      case ZMQ_EVENT_ACCEPTED:
        return MonitorEvent{.kind = MonitorEvent::Kind::accepted, .descriptor = value};
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        return MonitorEvent{.kind = MonitorEvent::Kind::ready};
      case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        return MonitorEvent{.kind = MonitorEvent::Kind::handshake_failed};
      case ZMQ_EVENT_DISCONNECTED:
      case ZMQ_EVENT_CLOSED:
        return MonitorEvent{.kind = MonitorEvent::Kind::closed, .descriptor = value};
      default:
        break;
    }
  }
  return std::nullopt;
}

}  // namespace structwire::messaging::zeromq_detail
