// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/call_state.hpp>

#include <algorithm>
#include <utility>

#include <structwire/messaging/loop/loop.hpp>

namespace structwire::messaging {

CallState::~CallState() = default;

void CallState::cancel_with(std::stop_token token) {
  if (!token.stop_possible()) return;
  stop_callback_.emplace(std::move(token), [weak = weak_from_this()] {
    if (const auto state = weak.lock()) state->cancel();
  });
}

bool CallState::ready() const {
  const std::lock_guard lock(mutex_);
  return outcome_.has_value();
}

// This thread does the loop's work while it waits, and sleeps where another one does.
template <class Over>
bool CallState::wait_until(std::unique_lock<std::mutex>& lock, Instant time, Over over) {
  if (over()) return true;
  if (loop_->on_loop()) return false;
  lock.unlock();
  loop_->lead_while_waiting(time, [&] {
    const std::lock_guard held(mutex_);
    return over();
  });
  lock.lock();
  waits_ = true;
  if (time == never) {
    changed_.wait(lock, over);
  } else {
    changed_.wait_until(lock, time, over);
  }
  waits_ = false;
  return over();
}

Outcome CallState::wait() {
  std::unique_lock lock(mutex_);
  if (!wait_until(lock, never, [&] { return outcome_.has_value(); })) return failed(FailureCode::would_block);
  return *std::exchange(outcome_, std::nullopt);
}

std::optional<Outcome> CallState::wait_until(Instant time) {
  std::unique_lock lock(mutex_);
  wait_until(lock, time, [&] { return outcome_.has_value(); });
  return std::exchange(outcome_, std::nullopt);
}

void CallState::then(Continuation continuation, RunOn where) {
  std::unique_lock lock(mutex_);
  continuation_ = std::move(continuation);
  where_ = where;
  if (!outcome_) return;
  lock.unlock();
  continue_later();
}

// Nobody else touches the outcome and the continuation any more.
void CallState::continue_later() {
  continue_.call = shared_from_this();
  JobPointer job(&continue_);
  where_ == RunOn::loop ? loop_->on_loop_later(std::move(job)) : loop_->in_pool(std::move(job));
}

void CallState::call_back() noexcept {
  if (auto continuation = std::exchange(continuation_, nullptr)) continuation(*std::exchange(outcome_, std::nullopt));
}

std::optional<Reply> CallState::next_item() {
  std::unique_lock lock(mutex_);
  wait_until(lock, never, [&] { return !items_.empty() || outcome_; });
  if (items_.empty()) return std::nullopt;
  Reply reply = std::move(items_.front());
  items_.pop_front();
  const std::uint64_t taken = ++items_taken_;
  // Told now and then, and when nothing is left: each time is a message.
  const bool tell = !outcome_ && (items_.empty() || taken % std::max(items_ahead_ / 2, 1u) == 0);
  lock.unlock();
  if (tell) loop_->consumed(shared_from_this(), taken);
  return reply;
}

void CallState::cancel() { loop_->cancel(shared_from_this()); }

void CallState::settled(Outcome outcome) noexcept {
  std::unique_lock lock(mutex_);
  outcome_ = std::move(outcome);
  // Nobody calls it any more; what it holds is the program's, and dies where its code runs.
  if (receipt_callback_) loop_->in_pool(make_job([unused = std::exchange(receipt_callback_, nullptr)] {}));
  if (continuation_ == nullptr) {
    tell_who_waits();
    return;
  }
  lock.unlock();
  continue_later();
}

void CallState::receipt() noexcept {
  if (receipt_callback_) loop_->in_pool(make_job(std::exchange(receipt_callback_, nullptr)));
}

void CallState::item(Reply reply) noexcept {
  const std::lock_guard lock(mutex_);
  items_.push_back(std::move(reply));
  tell_who_waits();
}

void CallState::tell_who_waits() noexcept {
  if (!waits_) return;
  loop_->served_a_waiting_thread();
  changed_.notify_all();
}

}  // namespace structwire::messaging
