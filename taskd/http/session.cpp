// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/session.hpp>

#include <taskd/http/negotiation.hpp>
#include <taskd/http/problem.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <exception>
#include <utility>

/// Role: a connection's life, phase by phase:
///
///     idle -> head -> body -> handling -> writing -> idle …
///                 `-------------(refused)---^   `-> lingering -> closed
///
/// In each phase exactly one operation is under way (a read, a write, or the handler's answer), so
/// there is nothing to lock. A deadline belongs to each phase but `handling`, whose end is the
/// committer's business. Here is what comes before the handler, `session_answer.cpp` has what comes
/// after it. What is deliberately not here: routes, formats and tasks.
namespace structwire::taskd::http {
namespace {

constexpr std::size_t read_bytes = 4 * 1024;
constexpr std::size_t read_bytes_of_body = 64 * 1024;

// Below this a body or an answer is not counted: the limit on connections bounds their sum.
constexpr std::size_t bytes_uncounted = 64 * 1024;

bool is_line_end(const boost::beast::flat_buffer& buffer) {
  const auto data = buffer.data();
  return data.size() >= 2 && std::string_view(static_cast<const char*>(data.data()), 2) == "\r\n";
}

}  // namespace

Session::Session(EventLoop& loop, Socket socket) : loop_(loop), socket_(std::move(socket)) {
  ++loop_.state().connections;
}

Session::~Session() {
  release_bytes();
  --loop_.state().connections;
}

// ---- reading
// ---------------------------------------------------------------------------------------

void Session::start() { next_request(); }

void Session::next_request() {
  release_bytes();
  stop_waiting();
  parser_.emplace(options().body_bytes_max);
  head_bytes_ = 0;
  phase_ = Phase::idle;
  if (loop_.state().closing) return close();
  set_deadline(options().idle_time);
  advance();
}

void Session::read() {
  const std::size_t wanted = phase_ == Phase::body ? read_bytes_of_body : read_bytes;
  socket_.async_read_some(buffer_.prepare(wanted),
                          [self = shared_from_this()](const Error& error, std::size_t count) {
                            self->on_read(error, count);
                          });
}

void Session::on_read(const Error& error, std::size_t count) {
  if (phase_ == Phase::closed) return;
  if (late_) return refuse(408, "it did not arrive in time");
  // A client that ends in the middle of a request has nobody left to tell.
  if (error) return close();
  buffer_.commit(count);
  if (phase_ == Phase::body) set_deadline_for(request().body.size());
  advance();
}

void Session::advance() {
  if (phase_ == Phase::idle) {
    // Some old clients end a body with an empty line that its length does not count.
    while (is_line_end(buffer_)) buffer_.consume(2);
    if (buffer_.size() == 0 || buffer_.size() == 1) return read();
    phase_ = Phase::head;
    started_ = std::chrono::steady_clock::now();
    set_deadline(options().request_time);
  }
  if (phase_ == Phase::head && !advance_head()) return;
  if (phase_ == Phase::body && !advance_body()) return;
}

// Whether the head is complete and the body is to be read.
bool Session::advance_head() {
  Error error;
  const std::size_t used = parser_->put(buffer_.data(), error);
  buffer_.consume(used);
  head_bytes_ += used;
  const bool need_more = error == boost::beast::http::error::need_more;
  if (head_bytes_ + (need_more ? buffer_.size() : 0) > options().head_bytes_max) {
    refuse(431, "the request line and the fields are too long");
    return false;
  }
  if (need_more) {
    read();
    return false;
  }
  if (error) {
    refuse_parse(error);
    return false;
  }
  if (!parser_->is_header_done()) return advance_head();
  finish_head();
  return phase_ == Phase::body;
}

void Session::finish_head() {
  if (request().id.empty()) request().id = loop_.next_request_id();
  if (const ParseFailure failure = parser_->check_head(); !failure.what.empty()) {
    return refuse(failure.status, failure.what);
  }
  const auto length = static_cast<std::size_t>(parser_->content_length().value_or(0));
  if (!count_bytes(length) || loop_.state().bytes_in_flight > options().bytes_in_flight_max) {
    unread_ = true;
    Problem problem = http::problem(api::Code::overloaded, "Too many bytes are under way");
    problem.close = true;
    return respond(problem_response(problem, answer_type(request().accept, nullptr)));
  }
  if (parser_->is_done()) return dispatch();
  if (parser_->expects_continue() && buffer_.size() == 0) {
    // Here alone the client can be spared the body.
    if (auto refusal = loop_.state().application.refuse(request())) {
      unread_ = true;
      refusal->close = true;
      return respond(std::move(*refusal));
    }
    return send_continue();
  }
  phase_ = Phase::body;
  parser_->reserve_body();
  parser_->eager(true);
}

// Whether the body is complete; then the request has been passed on.
bool Session::advance_body() {
  while (!parser_->is_done()) {
    Error error;
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (!count_bytes(request().body.size())) {
      refuse(503, "too many bytes are under way");
      return false;
    }
    if (parser_->is_done() && !error) break;
    if (!error && buffer_.size() > 0) continue;
    if (error && error != boost::beast::http::error::need_more) {
      refuse_parse(error);
      return false;
    }
    if (buffer_.size() > options().head_bytes_max + read_bytes_of_body) {
      refuse(400, "a chunk's head is too long");
      return false;
    }
    read();
    return false;
  }
  dispatch();
  return true;
}

void Session::send_continue() {
  static constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
  phase_ = Phase::body;
  parser_->reserve_body();
  parser_->eager(true);
  // The body is read where advance() goes on. The send buffer is empty here, so these few bytes go
  // out whole; a client without them sends the body after a while anyway.
  Error ignored;
  socket_.non_blocking(true, ignored);
  socket_.write_some(boost::asio::buffer(line), ignored);
}

void Session::dispatch() {
  phase_ = Phase::handling;
  deadline_ = TimePoint::max();
  try {
    loop_.state().application.handle(shared_from_this());
  } catch (const std::exception& error) {
    answer_defect(error.what());
  }
}

// Out of memory, most likely; the handler has then not answered.
void Session::answer_defect(std::string_view what) {
  if (phase_ == Phase::handling) {
    respond(problem_response(defect(std::string(what)), &media_type_json));
  } else {
    close();
  }
}

// ---- refusing
// --------------------------------------------------------------------------------------

void Session::refuse_parse(const Error& error) {
  namespace http_error = boost::beast::http;
  if (error == http_error::error::body_limit) return refuse(413, "the body is too large");
  if (error == http_error::error::header_limit) return refuse(431, "the fields are too long");
  if (error == http_error::error::bad_version) return refuse(505, "the version is not HTTP/1.1");
  refuse(400, error.message());
}

// The connection cannot go on: nobody knows where the next request would begin.
void Session::refuse(int status, std::string_view what) {
  const api::Code code = status == 413 || status == 431 ? api::Code::too_large
                         : status == 408                ? api::Code::request_timeout
                         : status == 503                ? api::Code::overloaded
                                                        : api::Code::malformed;
  Problem problem = http::problem(code, "The request cannot be read: " + std::string(what));
  problem.status = status;
  problem.close = true;
  unread_ = true;
  respond(problem_response(problem, answer_type(request().accept, nullptr)));
}

bool Session::count_bytes(std::size_t bytes) {
  if (bytes <= bytes_uncounted || bytes <= bytes_counted_) return true;
  const std::size_t more = bytes - bytes_counted_;
  bytes_counted_ += more;
  return (loop_.state().bytes_in_flight += more) <= options().bytes_in_flight_max;
}

void Session::release_bytes() {
  loop_.state().bytes_in_flight -= bytes_counted_;
  bytes_counted_ = 0;
}

}  // namespace structwire::taskd::http
