// SPDX-License-Identifier: Apache-2.0
#pragma once

// libzmq's sockets as values that close themselves; zmq.h stays in the .cpp files.
// Nothing here blocks, but the end of a Context, which waits for lingering sockets.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <structwire/core/error.hpp>
#include <structwire/messaging/payload.hpp>
#include <structwire/messaging/zeromq.hpp>
#include <structwire/messaging/zeromq/zeromq_message.hpp>

namespace structwire::messaging::zeromq_detail {

class Context {
 public:
  Context() noexcept = default;
  Context(Context&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Context& operator=(Context&& other) noexcept;
  ~Context();

  /// Starts libzmq's threads. Errors: io.
  static Result<Context> start(const ZeromqOptions& options);
  explicit operator bool() const noexcept { return handle_ != nullptr; }
  void* handle() const noexcept { return handle_; }

 private:
  explicit Context(void* handle) noexcept : handle_(handle) {}
  void* handle_ = nullptr;
};

enum class Sent : std::uint8_t {
  sent,
  full,     ///< Not now.
  no_peer,  ///< There is no such connection any more.
};

class Socket {
 public:
  Socket() noexcept = default;
  Socket(Socket&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { close(); }

  static Result<Socket> dealer(const Context& context, const ZeromqOptions& options,
                               const std::string& address);
  static Result<Socket> router(const Context& context, const ZeromqOptions& options,
                               const std::string& address);
  /// One direction only, for the older protocol: connects again by itself, and keeps what it could not send meanwhile.
  static Result<Socket> push(const Context& context, const ZeromqOptions& options,
                             const std::string& address);
  static Result<Socket> pull(const Context& context, const ZeromqOptions& options,
                             const std::string& address);
  /// Answers libzmq's questions about who dials.
  static Result<Socket> gate(const Context& context);
  /// The other end of zmq_socket_monitor.
  static Result<Socket> monitor_end(const Context& context, const std::string& address);

  Result<void> connect(const std::string& address);
  Result<std::string> bind(const std::string& address);
  void close() noexcept;
  /// What was sent is forgotten when it is closed.
  void forget_sent() noexcept;

  explicit operator bool() const noexcept { return handle_ != nullptr; }
  void* handle() const noexcept { return handle_; }
  /// Readable when libzmq has news for the socket, which receive() takes notice of.
  int descriptor() const noexcept;
  /// For a socket that nothing is received from yet.
  void take_notice() noexcept;

  /// `to` is a routing id, for a router.
  Sent send(std::string_view to, const Frame& frame, std::size_t zero_copy_from) noexcept;
  /// A message of two parts, also where the second is empty.
  Sent send_two(const Payload& first, const Payload& second, std::size_t zero_copy_from) noexcept;
  /// A message of one empty part.
  void send_goodbye(std::string_view to) noexcept;
  bool send_texts(std::initializer_list<std::string_view> parts) noexcept;
  /// The next part, where there is one.
  bool receive(Message& part) noexcept;

 private:
  explicit Socket(void* handle) noexcept : handle_(handle) {}
  static Result<Socket> open(const Context& context, int type);
  Result<void> configure(const ZeromqOptions& options, const std::string& address);
  Result<void> set(int option, int value);
  Result<void> set(int option, const std::string& value);

  void* handle_ = nullptr;
};

}  // namespace structwire::messaging::zeromq_detail
