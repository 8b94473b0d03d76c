// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include <structwire/messaging/client.hpp>
#include <structwire/messaging/loop/running_request.hpp>

namespace structwire::messaging {

/// What a handler may ask about the request that it runs. Cheap to copy, for any thread, also after the handler
/// returned. Messages that the handler's own thread sends inherit without being told; for other threads there is
/// within().
class Context {
 public:
  explicit Context(std::shared_ptr<RunningRequest> request) : request_(std::move(request)) {}

  /// Who sent it.
  Peer peer() const {
    return Peer({.loop = request_->loop(), .gate = request_->gate(), .peer = request_->work().peer});
  }
  /// The same for one message: a retry has the id of the first try. For handlers that keep a journal.
  MessageId message_id() const noexcept { return request_->work().message; }
  const std::string& handler() const noexcept { return request_->handler().entry().name; }
  std::uint64_t key() const noexcept { return request_->work().key; }
  /// W3C Trace Context, as it came: 26 bytes, and the vendors' part. Sends that inherit carry it on.
  const std::optional<std::array<std::byte, 26>>& trace_parent() const noexcept { return request_->work().trace_parent; }
  const std::string& trace_state() const noexcept { return request_->work().trace_state; }
  /// How many handlers stand behind it.
  std::uint32_t depth() const noexcept { return request_->work().depth; }

  /// When nobody waits any more; `never` where it has no end.
  Instant deadline() const noexcept { return request_->work().deadline; }
  /// Zero when it has passed.
  Duration time_left() const noexcept {
    if (deadline() == never) return Duration::max();
    return std::max(Duration::zero(), deadline() - Loop::now());
  }
  /// Stop is requested when the result is not wanted any more: cancelled, past its deadline, its sender gone, or this
  /// node stops. A handler that goes on harms nobody.
  std::stop_token stop_token() const { return request_->stop_token(); }
  bool stop_requested() const noexcept { return request_->stop_requested(); }

  /// Runs a callable; what it sends inherits from this request.
  template <class Function>
  decltype(auto) within(Function&& function) const {
    const RunningRequest::Inside inside(*request_);
    return std::forward<Function>(function)();
  }

 private:
  std::shared_ptr<RunningRequest> request_;
};

}  // namespace structwire::messaging
