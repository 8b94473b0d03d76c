// SPDX-License-Identifier: Apache-2.0
#pragma once

// Transports over stream sockets of this machine, for the transport suite, and connections that say what they like.

#include <cstdint>
#include <string>
#include <string_view>

#include <structwire/messaging/stream_sockets.hpp>

#include "tests/messaging/transport_suite.hpp"

namespace structwire::messaging::testing {

class StreamWorld final : public TransportWorld {
 public:
  enum class Kind : std::uint8_t { file, abstract, tcp };

  explicit StreamWorld(Kind kind);
  ~StreamWorld() override;

  std::unique_ptr<Transport> transport() override { return stream_sockets(options()); }
  std::string any_address() override;
  std::string fixed_address() override;
  Instant now() override { return std::chrono::steady_clock::now(); }

  /// A file in a folder of this world that is not there.
  std::string free_file();
  StreamOptions options() const;

 private:
  Kind kind_;
  std::string folder_;
  int names_ = 0;
};

inline const StreamCounters& counters_of(const TransportNode& node) {
  return static_cast<const StreamTransport&>(*node.transport).counters();
}

/// A connection to an address of a stream transport that says what it likes.
class RawStream {
 public:
  explicit RawStream(const std::string& address);
  ~RawStream();
  RawStream(const RawStream&) = delete;
  RawStream& operator=(const RawStream&) = delete;

  bool connected() const noexcept { return connected_; }
  /// False where the other side takes no more.
  bool send(std::string_view bytes) const;
  /// Has the other side closed? What it said is thrown away.
  bool ended() const;

 private:
  int socket_ = -1;
  bool connected_ = false;
};

/// What who dials begins with.
std::string preface();
/// A frame whose lengths say what they like.
std::string lengths(std::uint32_t head, std::uint32_t body);

}  // namespace structwire::messaging::testing
