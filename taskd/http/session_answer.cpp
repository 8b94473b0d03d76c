// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/session.hpp>

#include <taskd/http/response_head.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <tuple>
#include <utility>

/// The second half of a connection's life: waiting, answering, and the end.
namespace structwire::taskd::http {
namespace {

// A client that is still sending when it is refused would lose the answer to a reset, so its bytes
// are read and thrown away for a while.
constexpr std::chrono::milliseconds linger_time{5'000};
constexpr std::size_t linger_read_bytes = 64 * 1024;
constexpr std::size_t linger_bytes_max = 64 * 1024 * 1024;

}  // namespace

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
  socket_.async_read_some(buffer_.prepare(linger_read_bytes),
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
    case Phase::writing: {
      // What the client did not read is of no use to anybody, the kernel's part of it included.
      Error ignored;
      socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
      return close();
    }
    case Phase::idle:
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
  const TimePoint too_slow = started_ + for_bytes;
  deadline_ = std::min(too_slow, std::chrono::steady_clock::now()) + options().request_time;
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
