// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/session.hpp>

#include <taskd/http/negotiation.hpp>
#include <taskd/http/problem.hpp>
#include <taskd/http/response_head.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/beast/http/error.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <tuple>
#include <utility>

/// Role: a connection's life, phase by phase:
///
///     idle -> head -> body -> handling -> writing -> idle …
///                 `-------------(refused)---^   `-> lingering -> closed
///
/// In each phase exactly one operation is under way (a read, a write, or the handler's answer), so
/// there is nothing to lock. A deadline belongs to each phase but `handling`, whose end is the
/// committer's business. What is deliberately not here: routes, formats and tasks.
namespace structwire::taskd::http {
namespace {

constexpr std::size_t read_bytes = 4 * 1024;
constexpr std::size_t read_bytes_of_body = 64 * 1024;

// A client that is still sending when it is refused would lose the answer to a reset, so its bytes
// are read and thrown away for a while.
constexpr std::chrono::milliseconds linger_time{5'000};
constexpr std::size_t linger_bytes_max = 64 * 1024 * 1024;

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

// ---- answering
// -------------------------------------------------------------------------------------

bool Session::keeps_alive(const Response& response) const {
  return !response.close && !unread_ && parser_->is_done() && parser_->keep_alive() &&
         !loop_.state().draining;
}

void Session::respond(Response response) {
  if (phase_ == Phase::closed) return loop_.forget(shared_from_this());
  stop_waiting();
  response_ = std::move(response);
  const bool keep_alive = keeps_alive(response_);
  closes_ = !keep_alive;
  build_head(response_, keep_alive);
  if (options().on_answered) options().on_answered(request(), response_.status);
  if (request().method == Method::head) response_.body.clear();
  // The body is no longer needed, and a large answer may follow.
  request().body = std::string();
  std::ignore = count_bytes(response_.body.size());

  phase_ = Phase::writing;
  written_ = 0;
  started_ = std::chrono::steady_clock::now();
  set_deadline_for(0);
  write();
}

void Session::build_head(const Response& response, bool keep_alive) {
  if (request().id.empty()) request().id = loop_.next_request_id();
  write_response_head(response,
                      {.date = loop_.date(),
                       .request_id = request().id,
                       .keep_alive = keep_alive,
                       .is_http_1_0 = parser_->is_http_1_0()},
                      head_);
}

void Session::write() {
  const std::string_view head = std::string_view(head_).substr(std::min(written_, head_.size()));
  const std::size_t body_from = written_ - std::min(written_, head_.size());
  const auto body = response_.body.bytes().subspan(body_from);
  const std::array<boost::asio::const_buffer, 2> pieces = {
      boost::asio::buffer(head), boost::asio::const_buffer(body.data(), body.size())};
  socket_.async_write_some(pieces,
                           [self = shared_from_this()](const Error& error, std::size_t count) {
                             if (self->phase_ == Phase::closed) return;
                             if (error) return self->close();
                             self->written_ += count;
                             self->on_written();
                           });
}

void Session::on_written() {
  if (written_ < head_.size() + response_.body.size()) {
    set_deadline_for(written_);
    return write();
  }
  response_ = Response();
  if (!closes_) return next_request();
  linger();
}

void Session::linger() {
  Error ignored;
  socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  if (!unread_ && buffer_.size() == 0 && !loop_.state().draining) return close();
  phase_ = Phase::lingering;
  set_deadline(loop_.state().draining ? options().request_time / 10 : linger_time);
  on_drained({}, 0);
}

void Session::on_drained(const Error& error, std::size_t count) {
  if (phase_ == Phase::closed) return;
  discarded_ += count;
  if (error || discarded_ > linger_bytes_max) return close();
  buffer_.clear();
  socket_.async_read_some(buffer_.prepare(read_bytes_of_body),
                          [self = shared_from_this()](const Error& end, std::size_t more) {
                            self->on_drained(end, more);
                          });
}

// ---- the end
// ---------------------------------------------------------------------------------------

void Session::close() {
  if (phase_ == Phase::closed) return;
  const bool handling = phase_ == Phase::handling;
  phase_ = Phase::closed;
  Error ignored;
  socket_.close(ignored);
  // While a handler is at work, the answer that comes finds the connection closed.
  if (!handling) loop_.forget(shared_from_this());
}

void Session::close_if_idle() {
  if (phase_ == Phase::idle || phase_ == Phase::lingering) close();
}

void Session::check_deadline(TimePoint now) {
  if (now < deadline_) return;
  switch (phase_) {
    case Phase::head:
    case Phase::body:
      return end_read();
    case Phase::idle:
    case Phase::writing:
    case Phase::lingering:
      return close();
    case Phase::handling:
    case Phase::closed:
      return;
  }
}

// The read under way comes back with an error, and then the client is told.
void Session::end_read() {
  late_ = true;
  deadline_ = TimePoint::max();
  Error ignored;
  socket_.cancel(ignored);
}

void Session::set_deadline(std::chrono::milliseconds time) {
  deadline_ = std::chrono::steady_clock::now() + time;
}

void Session::set_deadline_for(std::size_t bytes_moved) {
  const std::chrono::milliseconds for_bytes(bytes_moved * 1000 / options().bytes_per_second_min);
  deadline_ = started_ + options().request_time + for_bytes;
}

// ---- waiting
// ---------------------------------------------------------------------------------------

void Session::resume(std::move_only_function<void()> work) {
  boost::asio::post(loop_.context(), [self = shared_from_this(), work = std::move(work)]() mutable {
    try {
      work();
    } catch (const std::exception& error) {
      self->answer_defect(error.what());
    }
  });
}

void Session::wait(std::chrono::milliseconds time, std::move_only_function<void()> on_end) {
  if (phase_ != Phase::handling) return;
  on_wait_end_ = std::move(on_end);
  const std::size_t number = ++wait_number_;
  if (!wait_timer_) wait_timer_.emplace(loop_.context());
  wait_timer_->expires_after(time);
  wait_timer_->async_wait([self = shared_from_this(), number](const Error& error) {
    if (!error && self->wait_number_ == number) self->end_wait();
  });
  watch_client();
}

// A closed connection becomes readable, and then has nothing to read.
void Session::watch_client() {
  watching_ = true;
  socket_.async_wait(
      Socket::wait_read, [self = shared_from_this(), number = wait_number_](const Error& error) {
        if (error || self->wait_number_ != number || !self->on_wait_end_) return;
        char byte = 0;
        const auto got = ::recv(self->socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (got > 0) return;  // the next request; it can wait
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return self->watch_client();
        self->end_wait();
        self->close();
      });
}

void Session::end_wait() {
  if (!on_wait_end_) return;
  auto on_end = std::move(on_wait_end_);
  on_wait_end_ = nullptr;
  on_end();
}

void Session::stop_waiting() {
  if (!watching_) return;
  ++wait_number_;
  watching_ = false;
  on_wait_end_ = nullptr;
  wait_timer_->cancel();
  Error ignored;
  socket_.cancel(ignored);
}

}  // namespace structwire::taskd::http
