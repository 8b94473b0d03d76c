// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/api/limits.hpp>
#include <taskd/http/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>

/// HTTP/1.1 on a TCP port: the one adapter for Boost.Asio and Boost.Beast (with `session`,
/// `request_parser` and `event_loop`, which no other part includes).
namespace structwire::taskd::http {

/// Every limit of the door has a name, a default and an answer of its own.
struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: any that is free
  std::size_t threads = 2;    ///< each with its own connections

  std::size_t connections_max = 1024;                   ///< more are answered 503 and closed
  std::size_t head_bytes_max = 16 * 1024;               ///< request line and fields: 431
  std::uint64_t body_bytes_max = api::body_bytes_max;   ///< 413
  std::size_t bytes_in_flight_max = 512 * 1024 * 1024;  ///< bodies and answers together: 503
  std::chrono::milliseconds idle_time{75'000};          ///< between two requests: closed

  /// For a request's head: 408. A body or an answer must not stand still for so long, and on the
  /// whole has this time plus one second for every `bytes_per_second_min` of it, so that nobody
  /// keeps a connection by dripping.
  std::chrono::milliseconds request_time{10'000};
  std::size_t bytes_per_second_min = 64 * 1024;

  /// Called after each answer, on the connection's thread, if set.
  std::function<void(const Request&, int status)> on_answered;
};

class Server {
 public:
  /// Listens and starts the threads; a sentence when the address cannot be had. The application
  /// must outlive the server.
  [[nodiscard]] static std::expected<std::unique_ptr<Server>, std::string> start(
      ServerOptions options, Application& application);

  virtual ~Server() = default;

  /// The port that was taken.
  [[nodiscard]] virtual std::uint16_t port() const = 0;

  /// Whether each thread still turns; a wedged one answers nobody.
  [[nodiscard]] virtual bool turns() const = 0;

  /// From now on each answer is its connection's last. Goes on answering until no connection is
  /// left or `grace` is over; then takes no more requests, and returns when those under way are
  /// answered, or after `limit` altogether. Not on a thread of the server.
  virtual void drain(std::chrono::milliseconds grace, std::chrono::milliseconds limit) = 0;
};

}  // namespace structwire::taskd::http
