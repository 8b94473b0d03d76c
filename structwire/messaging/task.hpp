// SPDX-License-Identifier: Apache-2.0
#pragma once

// A handler that is a coroutine, and waits for answers without holding a thread:
//
//   node.handle<Order, Receipt>("order", [stock](Order order) -> Task<Receipt> {
//     auto left = co_await stock.message<Left>("take", order).deadline(1s);      // std::expected<Left, Failure>
//     if (!left) throw std::runtime_error(left.error().text);
//     co_return Receipt{left->count};
//   });
//
// It awaits a draft or a Call, whose answer comes as from wait(): a failure is a value. What it returns by co_return is
// answered as what any handler returns (std::expected, void, Stream), once its variables are gone; what it throws is
// `handler_failed`. One outcome, always.
//
// Threads: it begins where its handler runs, and goes on in the pool of the node that sent the awaited message, or where
// that has no room or stops on another thread of it. Never on two at once; but variables of a thread and locks of a mutex
// are not to be held over a co_await. All of it counts as inside the request, whatever thread it is on: what it sends
// inherits deadline, trace and depth, and is cancelled with the request: the peer is told, and co_await comes back when it
// has ended, or at the deadline. When its node stops, what it awaits of that node ends as `stopped`, and it runs to its
// end within stop().
// A coroutine that awaits a message of another node of the program may go on when its own has stopped.
//
// Order: a handler with an Ordering begins its requests in that order, one after the other up to the first co_await that
// has to wait. The strand does not wait any longer than that: the next request begins while this one is suspended, and
// what follows a co_await may run beside others of its key. State that they share needs a lock. (A Replier does the same.)
//
// Lifetime: parameters by value (Context, too): a reference would outlive what it refers to, which is refused at compile
// time where it can be seen; it cannot in a coroutine that is a plain function called by another handler. The node keeps
// the callable, with its captures, and the request's payload until the last of its coroutines ended.
//
// Cost: one frame on the heap for each request. Where EndpointOptions::pending is used up, sending waits as it does
// anywhere, with its thread (WhenFull).
//
// GCC 12 destroys a braced temporary twice in an expression with co_await: name the value first. That is refused in
// `co_await peer.message<Left>("take", Order{…})`; with .start() behind it the compiler does not see it.

#include <concepts>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <structwire/messaging/client.hpp>
#include <structwire/messaging/coroutine.hpp>
#include <structwire/messaging/handlers.hpp>
#include <structwire/messaging/loop/running_request.hpp>

namespace structwire::messaging {

template <class Reply>
class Task;

namespace task_detail {

/// Owns a coroutine that waits: resumes it once, or destroys it.
template <class Promise>
class Suspended {
 public:
  explicit Suspended(std::coroutine_handle<Promise> coroutine) noexcept : coroutine_(coroutine) {}
  Suspended(Suspended&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  Suspended& operator=(Suspended&&) = delete;
  ~Suspended() {
    if (coroutine_ == nullptr) return;
    const auto kept = coroutine_.promise().request();
    coroutine_.destroy();
  }

  /// The frame, and what it held of the request, may be gone when this returns.
  void resume() && {
    const auto request = coroutine_.promise().request();
    const RunningRequest::Inside inside(*request);
    std::exchange(coroutine_, nullptr).resume();
  }

 private:
  std::coroutine_handle<Promise> coroutine_;
};

template <class Reply, class List>
class AwaitedCall {
 public:
  explicit AwaitedCall(Call<Reply, List>&& call) noexcept : call_(std::move(call)) {}

  bool await_ready() const { return call_.ready(); }
  // It may go on elsewhere, and end, before then() returns: nothing here is touched behind that. Not inlined, as
  // optimizers have put variables of such functions into the frame. Without memory, the frame went with the callback.
  template <class Promise>
  [[gnu::noinline]] void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    try {
      std::move(call_).then([this, suspended = Suspended<Promise>(coroutine)](Answer<Reply> answer) mutable {
        answer_.emplace(std::move(answer));
        std::move(suspended).resume();
      });
    } catch (...) {
    }
  }
  Answer<Reply> await_resume() { return answer_ ? std::move(*answer_) : std::move(call_).wait(); }

 private:
  Call<Reply, List> call_;
  std::optional<Answer<Reply>> answer_;
};

template <class Reply>
class Returned {
 public:
  template <class From = Reply>
    requires std::convertible_to<From, Reply>
  void return_value(From&& from) {
    result_.emplace(std::forward<From>(from));
  }

 protected:
  using Result = Reply;
  std::optional<Reply> result_;
};
template <>
class Returned<void> {
 public:
  void return_void() noexcept { result_.emplace(); }

 protected:
  using Result = messaging::Reply;
  std::optional<messaging::Reply> result_;
};

template <class Reply>
class Promise : public Returned<Reply> {
 public:
  using Result = typename Returned<Reply>::Result;
  using Finish = void (*)(const std::shared_ptr<RunningRequest>&, Result&&) noexcept;

  Promise() noexcept = default;
  Promise(const Promise&) = delete;
  Promise& operator=(const Promise&) = delete;
  ~Promise() {
    if (request_ == nullptr || request_->finished()) return;
    request_->finish(failed(FailureCode::handler_failed, "The handler let the request go without an answer"));
  }

  Task<Reply> get_return_object() noexcept;
  std::suspend_always initial_suspend() const noexcept { return {}; }
  std::suspend_never final_suspend() noexcept {
    if (this->result_) finish_(std::exchange(request_, nullptr), std::move(*this->result_));
    return {};
  }
  void unhandled_exception() noexcept {
    handlers_detail::guarded(*request_, [] { throw; });
  }

  template <class Wanted, class List>
  AwaitedCall<Wanted, List> await_transform(Call<Wanted, List>&& call) const noexcept {
    return AwaitedCall<Wanted, List>(std::move(call));
  }
  template <class Wanted, class Value, class List>
  AwaitedCall<Wanted, List> await_transform(Draft<Wanted, Value, List>&& draft) const {
    static_assert(coroutine_detail::is_safe_temporary<Value>,
                  "structwire: this compiler destroys a temporary value twice in an expression with co_await: name the "
                  "value, and give the message its name");
    return AwaitedCall<Wanted, List>(std::move(draft).start());
  }
  template <class Other>
  std::suspend_never await_transform(Other&&) const noexcept {
    static_assert(coroutine_detail::never_true<Other>,
                  "structwire: a Task awaits a message that is being put together, or std::move(call)");
    return {};
  }

  void run_for(std::shared_ptr<RunningRequest> request, Finish finish) {
    payload_ = request->payload();
    request_ = std::move(request);
    finish_ = finish;
  }
  const std::shared_ptr<RunningRequest>& request() const noexcept { return request_; }

 private:
  std::shared_ptr<RunningRequest> request_;
  Payload payload_;  // The parameters may borrow from it.
  Finish finish_ = nullptr;
};

}  // namespace task_detail

/// What a handler returns that is a coroutine. Reply: what the same handler would return if it were none. Runs once the
/// node has it; one that nobody ran is destroyed without having begun.
template <class Reply = void>
class [[nodiscard]] Task {
 public:
  using promise_type = task_detail::Promise<Reply>;

  explicit Task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
  Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (coroutine_ != nullptr) coroutine_.destroy();
  }

  /// For the node.
  void run(const std::shared_ptr<RunningRequest>& request, typename promise_type::Finish finish) && {
    coroutine_.promise().run_for(request, finish);
    task_detail::Suspended<promise_type>(std::exchange(coroutine_, nullptr)).resume();
  }

 private:
  std::coroutine_handle<promise_type> coroutine_;
};

template <class Reply>
Task<Reply> task_detail::Promise<Reply>::get_return_object() noexcept {
  return Task<Reply>(std::coroutine_handle<Promise>::from_promise(*this));
}

namespace handlers_detail {

template <class Reply>
inline constexpr bool goes_on<Task<Reply>> = true;
template <class Reply>
struct Contract<Task<Reply>> : Contract<Reply> {};

template <class Reply>
struct Ending<Task<Reply>> {
  template <class List>
  static void end(const std::shared_ptr<RunningRequest>& request, Task<Reply>&& task) {
    using Result = typename Task<Reply>::promise_type::Result;
    std::move(task).run(request, [](const std::shared_ptr<RunningRequest>& asked, Result&& result) noexcept {
      guarded(*asked, [&] {
        if constexpr (std::is_void_v<Reply>) {
          asked->finish(std::move(result));
        } else {
          Ending<Reply>::template end<List>(asked, std::move(result));
        }
      });
    });
  }
};

}  // namespace handlers_detail
}  // namespace structwire::messaging

template <class Reply, class... Parameters>
struct std::coroutine_traits<structwire::messaging::Task<Reply>, Parameters...> {
  static_assert(structwire::messaging::coroutine_detail::by_value<Parameters...>,
                "structwire: a coroutine takes its parameters by value: what a reference refers to is gone when it goes on");
  using promise_type = typename structwire::messaging::Task<Reply>::promise_type;
};
