// SPDX-License-Identifier: Apache-2.0
#pragma once

// Transports over ZeroMQ on this machine, for the transport suite.

#include <cstdint>
#include <string>

#include <structwire/messaging/zeromq.hpp>

#include "tests/messaging/transport_suite.hpp"

namespace structwire::messaging::testing {

/// Of libzmq.
struct ZeromqHeartbeats {
  Duration every = ZeromqOptions{}.heartbeat;
  Duration timeout = ZeromqOptions{}.heartbeat_timeout;
};

class ZeromqWorld final : public TransportWorld {
 public:
  enum class Kind : std::uint8_t { tcp, ipc, curve };

  explicit ZeromqWorld(Kind kind, ZeromqHeartbeats heartbeats = {});
  ~ZeromqWorld() override;

  std::unique_ptr<Transport> transport() override { return zeromq(options()); }
  std::string any_address() override;
  std::string fixed_address() override;
  Instant now() override { return std::chrono::steady_clock::now(); }

  /// One pair of keys for everybody.
  ZeromqOptions options() const;

 private:
  Kind kind_;
  ZeromqHeartbeats heartbeats_;
  std::string folder_;
  int names_ = 0;
  CurveKeys keys_;
};

/// A port of this machine that nobody listens at.
int free_port();

}  // namespace structwire::messaging::testing
