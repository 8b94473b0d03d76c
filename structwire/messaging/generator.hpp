// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stream of replies as a coroutine:
//
//   node.handle<Range>("count", [](Range range) -> Generator<Number> {
//     for (int at = range.from; at < range.to; ++at) {
//       Number number{at};
//       co_yield number;
//     }
//   });
//
// It is what a Stream is: asked for its next item when the receiver has room for it, on threads of the pool, never on
// two at once, and destroyed where it stands when the request is cancelled. Suspended by co_yield, it holds no thread. It
// does not await: a handler that waits for each item's parts is a Task that returns a Stream, or waits with its thread.
// It ends by its end, by what it throws (`handler_failed`), or by `co_yield failed(FailureCode::…)`.
//
// Parameters by value, as those of a Task; what it sends inherits, too. co_yield copies a named item. A temporary is
// moved, but refused where the compiler would destroy it twice (GCC 12, aggregates that are not trivial).

#include <coroutine>
#include <exception>
#include <expected>
#include <memory>
#include <optional>
#include <utility>

#include <structwire/messaging/coroutine.hpp>
#include <structwire/messaging/handlers.hpp>
#include <structwire/messaging/replier.hpp>

namespace structwire::messaging {

template <class Item>
class [[nodiscard]] Generator {
 public:
  class promise_type {
   public:
    Generator get_return_object() noexcept {
      return Generator(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { thrown_ = std::current_exception(); }

    std::suspend_always yield_value(const Item& item) {
      item_.emplace(item);
      return {};
    }
    std::suspend_always yield_value(Item&& item) {
      static_assert(coroutine_detail::is_safe_temporary<Item>,
                    "structwire: this compiler destroys a temporary item twice in an expression with co_yield: name the "
                    "item, then co_yield its name");
      item_.emplace(std::move(item));
      return {};
    }
    std::suspend_always yield_value(std::unexpected<Failure> failure) {
      failure_.emplace(std::move(failure.error()));
      return {};
    }
    template <class Other>
    std::suspend_never await_transform(Other&&) const noexcept {
      static_assert(coroutine_detail::never_true<Other>, "structwire: a Generator does not await; a Task does");
      return {};
    }

   private:
    friend Generator;
    std::optional<Item> item_;
    std::optional<Failure> failure_;
    std::exception_ptr thrown_;
  };

  explicit Generator(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
  Generator(Generator&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  Generator& operator=(Generator&&) = delete;
  ~Generator() {
    if (coroutine_ != nullptr) coroutine_.destroy();
  }

  /// The next item, as a Stream asks for it; nothing at the end. Throws what the coroutine throws.
  std::expected<std::optional<Item>, Failure> operator()() {
    if (coroutine_.done()) return std::nullopt;
    promise_type& promise = coroutine_.promise();
    coroutine_.resume();
    if (promise.thrown_) std::rethrow_exception(std::exchange(promise.thrown_, nullptr));
    if (promise.failure_) return std::unexpected(*std::exchange(promise.failure_, std::nullopt));
    return std::exchange(promise.item_, std::nullopt);
  }

 private:
  std::coroutine_handle<promise_type> coroutine_;
};

namespace handlers_detail {

template <class Item>
inline constexpr bool goes_on<Generator<Item>> = true;
template <class Item>
struct Contract<Generator<Item>> : Contract<Item> {};

template <class Item>
struct Ending<Generator<Item>> {
  template <class List>
  static void end(const std::shared_ptr<RunningRequest>& request, Generator<Item>&& generator) {
    Ending<Stream<Item>>::template end<List>(request, Stream<Item>(std::move(generator)));
  }
};

}  // namespace handlers_detail
}  // namespace structwire::messaging

template <class Item, class... Parameters>
struct std::coroutine_traits<structwire::messaging::Generator<Item>, Parameters...> {
  static_assert(structwire::messaging::coroutine_detail::by_value<Parameters...>,
                "structwire: a coroutine takes its parameters by value: what a reference refers to is gone when it goes on");
  using promise_type = typename structwire::messaging::Generator<Item>::promise_type;
};
