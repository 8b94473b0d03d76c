// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a handler answers: at once by what it returns, later by a Replier, in many pieces by a Stream.

#include <concepts>
#include <exception>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include <structwire/messaging/context.hpp>
#include <structwire/messaging/either.hpp>
#include <structwire/messaging/loop/running_request.hpp>

namespace structwire::messaging {

/// Encodes a reply and ends the request with it: here, or in the pool where this is the loop's thread and the reply is
/// large. Nobody's reply is not encoded.
template <class List, class Value>
void finish_with_value(const std::shared_ptr<RunningRequest>& request, Value&& value) {
  using Plain = std::remove_cvref_t<Value>;
  const Work& work = request->work();
  if (work.delivery != Delivery::response && work.delivery != Delivery::receipt) {
    request->finish(Reply{});
    return;
  }
  request->note_handler();
  const auto encode = []<class Codec>(RunningRequest& asked, const Plain& reply) {
    const Instant begun = asked.work().sampled ? Loop::now() : Instant{};
    auto bytes = to_bytes<Codec>(reply);
    if (!bytes) {
      asked.finish(std::unexpected(failure_of(bytes.error(), FailureCode::handler_failed)));
      return;
    }
    if (asked.work().sampled) asked.timings.encode = microseconds_since(begun);
    asked.finish(Reply{.schema = bytes->schema,
                       .format = bytes->format,
                       .compression = 0,
                       .payload = std::move(bytes->payload),
                       .timings = {}});
  };
  const auto with = [&]<class Codec>() {
    if (request->loop()->on_loop() &&
        size_bound<Codec>(value) > request->loop()->options().encode_off_loop_above) {
      request->loop()->in_pool(make_job([request, encode, reply = std::forward<Value>(value)] {
        encode.template operator()<Codec>(*request, reply);
      }));
    } else {
      encode.template operator()<Codec>(*request, value);
    }
  };
  List::with(work.format, with, [&] { with.template operator()<typename List::Preferred>(); });
}

/// Ends the request with what a handler returned.
template <class List, class Result>
void finish_with(const std::shared_ptr<RunningRequest>& request, Result&& result) {
  finish_with_value<List>(request, std::forward<Result>(result));
}
template <class List, class T, class E>
void finish_with(const std::shared_ptr<RunningRequest>& request, std::expected<T, E>&& result) {
  if constexpr (!FailureLike<E>) {
    finish_with_value<List>(request, to_wire(std::move(result)));
  } else if (!result) {
    request->finish(std::unexpected(to_failure(std::move(result.error()))));
  } else if constexpr (std::is_void_v<T>) {
    request->finish(Reply{});
  } else {
    finish_with_value<List>(request, std::move(*result));
  }
}

/// The promise of an answer: for handlers that have it later, on any thread. One that is destroyed without having
/// answered fails the request. Move-only.
template <class Reply>
class Replier {
 public:
  using Result = std::conditional_t<std::is_void_v<Reply>, std::monostate, Reply>;
  using Finish = void (*)(const std::shared_ptr<RunningRequest>&, Result&&);

  Replier(std::shared_ptr<RunningRequest> request, Finish finish) : request_(std::move(request)), finish_(finish) {}
  Replier(Replier&&) noexcept = default;
  Replier& operator=(Replier&&) = delete;
  ~Replier() {
    if (request_ == nullptr) return;
    // A handler that throws has more to say than this.
    if (std::uncaught_exceptions() > 0 && RunningRequest::current() == request_) return;
    request_->finish(failed(FailureCode::handler_failed, "The handler let the request go without an answer"));
  }

  /// Answers; encoded on this thread. Once.
  void answer(Result result) && { finish_(std::exchange(request_, nullptr), std::move(result)); }
  void answer() &&
    requires std::is_void_v<Reply>
  {
    finish_(std::exchange(request_, nullptr), {});
  }
  void fail(Failure failure) && { std::exchange(request_, nullptr)->finish(std::unexpected(std::move(failure))); }
  Context context() const { return Context(request_); }

 private:
  std::shared_ptr<RunningRequest> request_;
  Finish finish_;
};

/// Many replies to one request: a callable that is asked for the next one, when there is room for it, on threads of the
/// pool, never on two at once. It returns std::optional<Item>, nothing at the end, or that in a std::expected with an
/// error that is a failure. It owns what it needs of the request.
template <class Item>
class Stream {
 public:
  using Next = std::expected<std::optional<Item>, Failure>;

  template <class Function>
    requires(std::is_invocable_v<Function&> && !std::is_same_v<std::remove_cvref_t<Function>, Stream>)
  Stream(Function next)
      : next_([next = std::move(next)]() mutable -> Next {
          auto item = next();
          if constexpr (requires { item.error(); }) {
            if (!item) return std::unexpected(to_failure(std::move(item.error())));
            return std::move(*item);
          } else {
            return Next(std::move(item));
          }
        }) {}

  Next next() { return next_(); }

 private:
  std::move_only_function<Next()> next_;
};

/// Sends the items of a stream as its receiver has room for them. No thread waits for that room.
template <class List, class Item>
class StreamJob final : public Job {
 public:
  StreamJob(std::shared_ptr<RunningRequest> request, Stream<Item> stream)
      : request_(std::move(request)), payload_(request_->payload()), stream_(std::move(stream)) {}
  ~StreamJob() override {
    request_->finish(failed(FailureCode::overloaded, "There is no room to go on with the stream", true));
  }

  void run(JobPointer self) noexcept override {
    constexpr int turn = 16;
    for (int sent = 0; sent < turn; ++sent) {
      if (!request_->may_send_item(self)) return;
      if (request_->stop_requested()) {
        request_->finish(failed(request_->stop_reason()));
        return;
      }
      if (!send_next()) return;
    }
    request_->loop()->in_pool(std::move(self));
  }

 private:
  // False at the end.
  bool send_next() noexcept {
    const RunningRequest::Inside inside(*request_);
    try {
      auto item = stream_.next();
      if (!item) {
        request_->finish(std::unexpected(std::move(item.error())));
      } else if (!*item) {
        request_->finish(Reply{});
      } else {
        return send(**item);
      }
    } catch (const std::exception& error) {
      request_->finish(failed(FailureCode::handler_failed, error.what()));
    } catch (...) {
      request_->finish(failed(FailureCode::handler_failed, "The stream threw something"));
    }
    return false;
  }
  bool send(const Item& item) {
    const auto with = [&]<class Codec>() { return to_bytes<Codec>(item); };
    auto bytes = List::with(request_->work().format, with,
                            [&] { return with.template operator()<typename List::Preferred>(); });
    if (!bytes) {
      request_->finish(std::unexpected(failure_of(bytes.error(), FailureCode::handler_failed)));
      return false;
    }
    request_->send_item(Reply{.schema = bytes->schema,
                              .format = bytes->format,
                              .compression = 0,
                              .payload = std::move(bytes->payload),
                              .timings = {}});
    return true;
  }

  std::shared_ptr<RunningRequest> request_;
  Payload payload_;  // The request may borrow from it.
  Stream<Item> stream_;
};

}  // namespace structwire::messaging
