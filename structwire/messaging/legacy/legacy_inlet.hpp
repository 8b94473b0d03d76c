// SPDX-License-Identifier: Apache-2.0
#pragma once

// Within the legacy transport: a PULL socket, from which requests and replies of all peers come.

#include <structwire/messaging/legacy/legacy_metadata.hpp>
#include <structwire/messaging/payload.hpp>
#include <structwire/messaging/zeromq/zeromq_socket.hpp>
#include <structwire/messaging/zeromq/zeromq_source.hpp>

namespace structwire::messaging::legacy_detail {

/// Who takes what comes.
class Switchboard {
 public:
  virtual const LegacyLimits& limits() const = 0;
  /// Is there no room for what may come next? Then room is told by attending to the inlet again.
  virtual bool is_blocked() const = 0;
  virtual void take(LegacyMetadata metadata, Payload payload) = 0;
  virtual void refused() = 0;

 protected:
  ~Switchboard() = default;
};

class Inlet final : public zeromq_detail::Source {
 public:
  Inlet(zeromq_detail::Loop& loop, Switchboard& switchboard, zeromq_detail::Socket socket)
      : Source(loop), switchboard_(switchboard), socket_(std::move(socket)) {}
  void start() {
    loop_.watch(*this, socket_.descriptor());
    loop_.attend(*this);
  }

  bool serve(LinkEvents&) override {
    for (std::size_t i = 0; i != loop_.options().round_frames; ++i) {
      if (switchboard_.is_blocked()) return false;
      if (!receive()) return false;
    }
    return true;
  }

 private:
  // False: there is nothing.
  bool receive() {
    zeromq_detail::Message first;
    if (!socket_.receive(first)) return false;
    zeromq_detail::Message second;
    if (!first.more() || !socket_.receive(second) || second.more()) {
      bool more = first.more() && second.more();
      while (more) {
        zeromq_detail::Message rest;
        more = socket_.receive(rest) && rest.more();
      }
      switchboard_.refused();
      return true;
    }
    auto metadata = decode_legacy_metadata(first.bytes(), switchboard_.limits());
    if (!metadata || second.size() > switchboard_.limits().payload_bytes) {
      switchboard_.refused();
      return true;
    }
    switchboard_.take(std::move(*metadata), second.take());
    return true;
  }

  Switchboard& switchboard_;
  zeromq_detail::Socket socket_;
};

}  // namespace structwire::messaging::legacy_detail
