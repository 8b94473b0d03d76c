// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the outcome of one send waits for who wants it: a thread, or a callback. The typed side is client.hpp.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include <structwire/messaging/endpoint/endpoint.hpp>
#include <structwire/messaging/loop/job.hpp>
#include <structwire/messaging/loop/pending.hpp>

namespace structwire::messaging {

class Loop;

/// Where a callback runs.
enum class RunOn : std::uint8_t {
  pool,  ///< A thread of the node's pool.
  loop,  ///< The loop's own thread, at once: for callbacks of a few microseconds that wait for nothing.
};

/// The program's side is for one thread at a time.
class CallState final : public Pending, public std::enable_shared_from_this<CallState> {
 public:
  using Continuation = std::move_only_function<void(Outcome)>;

  /// `items_ahead`: of a stream, how many may come before they are asked for.
  explicit CallState(std::shared_ptr<Loop> loop, std::uint32_t items_ahead = 0)
      : loop_(std::move(loop)), items_ahead_(items_ahead) {}
  ~CallState() override;

  // ---- before it is sent
  void on_receipt(std::move_only_function<void()> callback) { receipt_callback_ = std::move(callback); }
  /// Cancels it when a stop is requested.
  void cancel_with(std::stop_token token);

  // ---- the program's
  bool ready() const;
  /// would_block on the loop's own thread.
  Outcome wait();
  /// Nothing: it is not there yet.
  std::optional<Outcome> wait_until(Instant time);
  /// Called once, with the outcome; at once where it is there already.
  void then(Continuation continuation, RunOn where);
  /// The next item of a stream; nothing behind the last, then wait() tells the end.
  std::optional<Reply> next_item();
  void cancel();
  /// For who was refused by Loop::send.
  void refuse(Failure failure) { settled(std::unexpected(std::move(failure))); }

  // ---- the loop's
  void settled(Outcome outcome) noexcept override;
  void receipt() noexcept override;
  void item(Reply reply) noexcept override;

 private:
  // Calls back, also where nobody runs it: a callback is called once, whatever stops meanwhile. A part of the call, which
  // it keeps alive while somebody owns the job.
  class Continue final : public Job {
   public:
    std::shared_ptr<CallState> call;

   private:
    void run(JobPointer) noexcept override { call->call_back(); }
    void dispose() noexcept override {
      call->call_back();
      const auto last = std::move(call);
    }
  };
  // True where it is over; with `lock`, under which over() is asked.
  template <class Over>
  bool wait_until(std::unique_lock<std::mutex>& lock, Instant time, Over over);
  void tell_who_waits() noexcept;
  void continue_later();
  void call_back() noexcept;

  std::shared_ptr<Loop> loop_;
  std::move_only_function<void()> receipt_callback_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool waits_ = false;  // A thread does, asleep.
  std::optional<Outcome> outcome_;
  Continuation continuation_;
  RunOn where_ = RunOn::pool;
  std::uint32_t items_ahead_;
  std::list<Reply> items_;  // Unlike a deque it costs those nothing that have none.
  std::uint64_t items_taken_ = 0;
  std::optional<std::stop_callback<std::function<void()>>> stop_callback_;
  Continue continue_;
};

}  // namespace structwire::messaging
