// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/event_loop.hpp>

#include <taskd/http/http_date.hpp>
#include <taskd/http/session.hpp>

#include <boost/asio/post.hpp>

#include <array>
#include <charconv>
#include <random>
#include <utility>
#include <vector>

namespace structwire::taskd::http {
namespace {

constexpr std::chrono::milliseconds sweep_pause{200};

std::uint64_t random_start() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace

EventLoop::EventLoop(ServerState& state)
    : state_(state),
      work_(boost::asio::make_work_guard(context_)),
      timer_(context_),
      request_id_(random_start()),
      last_turn_(std::chrono::steady_clock::now()) {}

EventLoop::~EventLoop() { stop(); }

void EventLoop::start() {
  boost::asio::post(context_, [this] { sweep(); });
  thread_ = std::thread([this] { context_.run(); });
}

void EventLoop::stop() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
  sessions_.clear();
}

void EventLoop::adopt(Socket socket) {
  auto session = std::make_shared<Session>(*this, std::move(socket));
  boost::asio::post(context_, [this, session = std::move(session)] {
    sessions_.insert(session);
    session->start();
  });
}

void EventLoop::close_idle() {
  boost::asio::post(context_, [this] {
    const std::vector<std::shared_ptr<Session>> all(sessions_.begin(), sessions_.end());
    for (const auto& session : all) session->close_if_idle();
  });
}

void EventLoop::forget(const std::shared_ptr<Session>& session) { sessions_.erase(session); }

std::string EventLoop::next_request_id() {
  std::array<char, 16> digits;
  digits.fill('0');
  std::array<char, 16> text;
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), ++request_id_, 16);
  std::copy_backward(text.data(), end, digits.data() + digits.size());
  return std::string(digits.data(), digits.size());
}

void EventLoop::sweep() {
  const TimePoint now = std::chrono::steady_clock::now();
  last_turn_.store(now, std::memory_order_relaxed);
  const std::int64_t second = unix_seconds();
  if (second != date_second_) {
    date_second_ = second;
    date_ = http_date(second);
  }
  const std::vector<std::shared_ptr<Session>> all(sessions_.begin(), sessions_.end());
  for (const auto& session : all) session->check_deadline(now);
  timer_.expires_after(sweep_pause);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) sweep();
  });
}

}  // namespace structwire::taskd::http
