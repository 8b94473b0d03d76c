// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/http/server.hpp>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>

/// One thread, its io_context and its connections: part of the Beast adapter.
namespace structwire::taskd::http {

class Session;

using TimePoint = std::chrono::steady_clock::time_point;
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// What all threads of a server share.
struct ServerState {
  ServerOptions options;
  Application& application;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> bytes_in_flight{0};
  std::atomic<bool> draining{false};  ///< each answer is the last of its connection
  std::atomic<bool> closing{false};   ///< no more requests
};

/// Deadlines are kept by each session and looked at a few times a second: far cheaper than a timer
/// per read, and no limit here needs to be finer.
class EventLoop {
 public:
  explicit EventLoop(ServerState& state);
  ~EventLoop();

  void start();
  /// Ends the thread; what is under way is dropped.
  void stop();

  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  [[nodiscard]] ServerState& state() { return state_; }

  /// Takes over a connection; any thread.
  void adopt(Socket socket);
  /// Closes what waits for a next request; any thread.
  void close_idle();

  /// On the loop's thread.
  void forget(const std::shared_ptr<Session>& session);
  [[nodiscard]] std::string_view date() const { return date_; }
  [[nodiscard]] std::string next_request_id();

  /// When the thread last looked at the clock; any thread.
  [[nodiscard]] TimePoint last_turn() const { return last_turn_.load(std::memory_order_relaxed); }

 private:
  void sweep();

  ServerState& state_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<Executor> work_;
  Timer timer_;
  std::unordered_set<std::shared_ptr<Session>> sessions_;
  std::string date_;
  std::int64_t date_second_ = 0;
  std::uint64_t request_id_;
  std::atomic<TimePoint> last_turn_;
  std::thread thread_;
};

}  // namespace structwire::taskd::http
