// SPDX-License-Identifier: Apache-2.0
//
// The adapter to Boost.Beast. Calls block, but are made of Beast's asynchronous operations, run to
// their end on a private io_context: only those honour a timeout.
#include <taskd/client/http_connection.hpp>

#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <optional>
#include <utility>

namespace structwire::taskd {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

using WireRequest = http::request<http::span_body<const char>>;
using WireParser = http::response_parser<http::string_body>;

WireRequest wire_request(const HttpRequest& request, const ServerAddress& address) {
  WireRequest wire;
  wire.version(11);
  wire.method_string(request.method);
  wire.target(request.target);
  wire.set(http::field::host, address.authority());
  wire.set(http::field::user_agent, "structwire");
  wire.set(http::field::accept, request.accept);
  if (!request.content_type.empty()) wire.set(http::field::content_type, request.content_type);
  wire.body() = {reinterpret_cast<const char*>(request.body.data()), request.body.size()};
  wire.prepare_payload();
  return wire;
}

}  // namespace

class HttpConnection::Stream {
 public:
  explicit Stream(ServerAddress server) : address(std::move(server)) {}

  // True while the server has neither closed the kept connection nor said anything unasked.
  bool is_fresh() {
    if (!open_) return false;
    char byte = 0;
    const auto got = ::recv(socket_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    close();
    return false;
  }

  error_code open(Clock::time_point deadline) {
    error_code error;
    asio::ip::tcp::resolver resolver(context_);
    const auto endpoints = resolver.resolve(address.host, address.port, error);
    if (error) return error;
    error = run(deadline, [&](auto done) { socket_.async_connect(endpoints, done); });
    if (error) return error;
    socket_.socket().set_option(asio::ip::tcp::no_delay(true), error);
    open_ = true;
    return {};
  }

  error_code exchange(const HttpRequest& request, WireParser& parser, Clock::time_point deadline) {
    const WireRequest wire = wire_request(request, address);
    http::request_serializer<http::span_body<const char>> serializer(wire);
    error_code error =
        run(deadline, [&](auto done) { http::async_write(socket_, serializer, done); });
    if (error) return error;
    parser.body_limit(answer_body_bytes_max);
    return run(deadline, [&](auto done) { http::async_read(socket_, buffer_, parser, done); });
  }

  void close() {
    socket_.close();
    buffer_.clear();
    open_ = false;
  }

  ServerAddress address;

 private:
  // Starts one asynchronous operation and runs it to its end or to the deadline.
  template <class Start>
  error_code run(Clock::time_point deadline, Start start) {
    error_code result;
    auto done = [&result](error_code error, auto&&...) { result = error; };
    socket_.expires_at(deadline);
    start(done);
    context_.restart();
    context_.run();
    return result;
  }

  asio::io_context context_{1};
  beast::tcp_stream socket_{context_};
  beast::flat_buffer buffer_;
  bool open_ = false;
};

namespace {

std::unexpected<CallError> broken(const ServerAddress& address, const error_code& error) {
  CallError result;
  if (error == beast::error::timeout) {
    result.kind = CallError::Kind::timeout;
    result.message = address.url() + " did not answer in time";
  } else if (error.category() == http::make_error_code(http::error::bad_version).category() &&
             error != http::error::end_of_stream && error != http::error::partial_message) {
    result.kind = CallError::Kind::bad_answer;
    result.message = address.url() + " does not speak HTTP as expected: " + error.message();
  } else {
    result.message = "cannot reach " + address.url() + ": " + error.message();
  }
  return std::unexpected(std::move(result));
}

HttpAnswer answer_of(http::response<http::string_body>&& response) {
  HttpAnswer answer;
  answer.status = static_cast<int>(response.result_int());
  answer.content_type = response[http::field::content_type];
  answer.body = std::move(response.body());
  return answer;
}

}  // namespace

HttpConnection::HttpConnection(ServerAddress address)
    : stream_(std::make_unique<Stream>(std::move(address))) {}
HttpConnection::~HttpConnection() = default;
HttpConnection::HttpConnection(HttpConnection&&) noexcept = default;
HttpConnection& HttpConnection::operator=(HttpConnection&&) noexcept = default;

const ServerAddress& HttpConnection::address() const { return stream_->address; }

Answer<HttpAnswer> HttpConnection::call(const HttpRequest& request,
                                        std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  for (bool again = request.repeatable;; again = false) {
    const bool kept = stream_->is_fresh();
    if (!kept) {
      if (const error_code error = stream_->open(deadline)) {
        stream_->close();
        return broken(stream_->address, error);
      }
    }
    WireParser parser;
    const error_code error = stream_->exchange(request, parser, deadline);
    if (!error) {
      if (!parser.get().keep_alive()) stream_->close();
      return answer_of(parser.release());
    }
    stream_->close();
    if (!kept || !again || error == beast::error::timeout) return broken(stream_->address, error);
  }
}

}  // namespace structwire::taskd
