// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/server.hpp>

#include <taskd/http/event_loop.hpp>
#include <taskd/http/negotiation.hpp>
#include <taskd/http/problem.hpp>
#include <taskd/http/response_head.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>
#include <vector>

namespace structwire::taskd::http {
namespace {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;
using Error = boost::system::error_code;

// Without file descriptors an accept fails at once, again and again.
constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::chrono::milliseconds drain_poll{5};
constexpr std::chrono::seconds turn_max{10};

// One acceptor hands connections out in turn, so that the threads have equally many; the kernel's
// choice among several (SO_REUSEPORT) is uneven, and would let a second daemon share the port.
class ServerBeast final : public Server {
 public:
  ServerBeast(ServerOptions options, Application& application)
      : state_{.options = std::move(options), .application = application} {
    const std::size_t threads = std::max<std::size_t>(state_.options.threads, 1);
    for (std::size_t i = 0; i < threads; ++i) loops_.push_back(std::make_unique<EventLoop>(state_));
    acceptor_.emplace(loops_.front()->context());
    pause_.emplace(loops_.front()->context());
  }

  ~ServerBeast() override {
    for (const auto& loop : loops_) loop->stop();
  }

  Error listen() {
    Error error;
    const auto address = boost::asio::ip::make_address(state_.options.address, error);
    if (error) return error;
    const boost::asio::ip::tcp::endpoint endpoint(address, state_.options.port);
    acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(boost::asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(boost::asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_->local_endpoint(error).port();
    return error;
  }

  void run() {
    accept();
    for (const auto& loop : loops_) loop->start();
  }

  std::uint16_t port() const override { return port_; }

  bool turns() const override {
    const TimePoint oldest = std::chrono::steady_clock::now() - turn_max;
    return std::ranges::all_of(loops_,
                               [&](const auto& loop) { return loop->last_turn() > oldest; });
  }

  void drain(std::chrono::milliseconds grace, std::chrono::milliseconds limit) override {
    const TimePoint start = std::chrono::steady_clock::now();
    state_.draining = true;
    wait_for_connections(start + std::min(grace, limit));
    state_.closing = true;
    boost::asio::post(loops_.front()->context(), [this] {
      Error ignored;
      acceptor_->close(ignored);
    });
    for (const auto& loop : loops_) loop->close_idle();
    wait_for_connections(start + limit);
    for (const auto& loop : loops_) loop->stop();
  }

 private:
  void wait_for_connections(TimePoint until) const {
    while (state_.connections > 0 && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(drain_poll);
    }
  }

  void accept() {
    EventLoop& loop = *loops_[next_loop_++ % loops_.size()];
    acceptor_->async_accept(loop.context(), [this, &loop](const Error& error, Socket socket) {
      if (!acceptor_->is_open() || error == boost::asio::error::operation_aborted) return;
      if (error) return accept_later();
      Error ignored;
      socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
      if (state_.connections >= state_.options.connections_max) {
        turn_away(std::move(socket));
      } else {
        loop.adopt(std::move(socket));
      }
      accept();
    });
  }

  void accept_later() {
    pause_->expires_after(accept_pause);
    pause_->async_wait([this](const Error& error) {
      if (!error) accept();
    });
  }

  // As far as it goes without waiting: what the client has sent is read, so that the answer is not
  // lost to a reset.
  static void turn_away(Socket socket) {
    const Response response =
        problem_response(problem(api::Code::overloaded, "Too many connections"), &media_type_json);
    std::string text;
    write_response_head(response, {.date = {}, .request_id = {}, .keep_alive = false}, text);
    text.append(response.body.text());
    std::array<char, 4096> unread;
    const int descriptor = socket.native_handle();
    while (::recv(descriptor, unread.data(), unread.size(), MSG_DONTWAIT) > 0) continue;
    if (::send(descriptor, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) return;
    Error ignored;
    socket.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  }

  ServerState state_;
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::optional<Acceptor> acceptor_;
  std::optional<Timer> pause_;
  std::size_t next_loop_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace

std::expected<std::unique_ptr<Server>, std::string> Server::start(ServerOptions options,
                                                                  Application& application) {
  const std::string place = options.address + ":" + std::to_string(options.port);
  auto server = std::make_unique<ServerBeast>(std::move(options), application);
  if (const Error error = server->listen()) {
    return std::unexpected("Cannot listen on " + place + ": " + error.message());
  }
  server->run();
  return server;
}

}  // namespace structwire::taskd::http
