// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/http/event_loop.hpp>
#include <taskd/http/message.hpp>
#include <taskd/http/request_parser.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

/// One connection: reads a request, has it handled, writes the answer, and then reads the next one.
/// Pipelined requests wait in the buffer, and get their answers in order. Part of the Beast
/// adapter.
namespace structwire::taskd::http {

class Session final : public Exchange, public std::enable_shared_from_this<Session> {
 public:
  Session(EventLoop& loop, Socket socket);
  ~Session() override;

  // For the loop, on its thread.
  void start();
  void check_deadline(TimePoint now);
  void close_if_idle();

  // Exchange.
  [[nodiscard]] Request& request() override { return parser_->request(); }
  void respond(Response response) override;
  void resume(std::move_only_function<void()> work) override;
  void wait(std::chrono::milliseconds time, std::move_only_function<void()> on_end) override;

 private:
  enum class Phase { idle, head, body, handling, writing, lingering, closed };
  using Error = boost::system::error_code;

  void read();
  void on_read(const Error& error, std::size_t count);
  void advance();
  bool advance_head();
  void finish_head();
  bool advance_body();
  void send_continue();
  void dispatch();

  void refuse(int status, std::string_view what);
  void answer_defect(std::string_view what);
  void refuse_parse(const Error& error);
  [[nodiscard]] bool count_bytes(std::size_t bytes);
  void release_bytes();

  void write();
  void on_written();
  void next_request();
  void linger();
  void on_drained(const Error& error, std::size_t count);
  void close();
  void end_read();

  void watch_client();
  void end_wait();
  void stop_waiting();

  void set_deadline(std::chrono::milliseconds time);
  void set_deadline_for(std::size_t bytes_moved);
  [[nodiscard]] const ServerOptions& options() const { return loop_.state().options; }
  [[nodiscard]] bool keeps_alive(const Response& response) const;
  void build_head(const Response& response, bool keep_alive);

  EventLoop& loop_;
  Socket socket_;
  Phase phase_ = Phase::idle;
  boost::beast::flat_buffer buffer_;
  std::optional<RequestParser> parser_;
  std::size_t head_bytes_ = 0;

  TimePoint started_;   // of the head, body or answer under way
  TimePoint deadline_;  // of the phase
  std::size_t bytes_counted_ = 0;

  Response response_;
  std::string head_;
  std::size_t written_ = 0;
  bool late_ = false;    // the read under way was cut short
  bool closes_ = false;  // after the answer under way
  bool unread_ = false;  // something of the client's may still come that nobody will look at
  std::size_t discarded_ = 0;

  std::optional<Timer> wait_timer_;
  std::move_only_function<void()> on_wait_end_;
  bool watching_ = false;
  std::size_t wait_number_ = 0;  // tells a late callback of an earlier wait from this one
};

}  // namespace structwire::taskd::http
