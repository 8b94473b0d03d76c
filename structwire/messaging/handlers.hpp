// SPDX-License-Identifier: Apache-2.0
#pragma once

// Typed handlers. What a callable takes and returns says what it is:
//
//   (const Request&)                     any of these; a Context behind it where the handler wants one
//   (View)                               the bytes, not decoded, which it may keep
//   (std::span<const Request>)           many at once; returns void or one result for each in a std::vector
//   (const Request&, Replier<Reply>)     answers later, on any thread
//
//   -> void            done, no reply                         -> Encoded<T>, EncodedBytes, View    a reply that is encoded already
//   -> T               the reply                              -> Stream<Item>                many replies
//   -> Task<Reply>     a coroutine (task.hpp)                 -> Generator<Item>             the same (generator.hpp)
//   -> std::expected<T, E>   the reply or a failure (E: Failure, Error, text), or an error that is an answer (any other E)
//
// The contract of a handler is the wire fingerprint of its request and of its reply. A payload that does not decode ends
// as `bad_payload` and an exception as `handler_failed`, with their text.

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <structwire/messaging/context.hpp>
#include <structwire/messaging/handler.hpp>
#include <structwire/messaging/replier.hpp>

namespace structwire::messaging {

/// Stands for a reply type that follows from what the handler returns.
struct Deduced;

namespace handlers_detail {

/// How a callable takes its argument, and what else.
enum class Extra { none, context, replier, context_and_replier, misfit };

template <class Function, class Argument, class Reply>
inline constexpr Extra extra_of = [] {
  if constexpr (std::is_invocable_v<Function&, Argument>) {
    return Extra::none;
  } else if constexpr (std::is_invocable_v<Function&, Argument, Context&>) {
    return Extra::context;
  } else if constexpr (std::is_same_v<Reply, Deduced>) {
    return Extra::misfit;
  } else if constexpr (std::is_invocable_v<Function&, Argument, Replier<Reply>>) {
    return Extra::replier;
  } else if constexpr (std::is_invocable_v<Function&, Argument, Context&, Replier<Reply>>) {
    return Extra::context_and_replier;
  } else {
    return Extra::misfit;
  }
}();

template <class Function, class Request, class Reply>
inline constexpr bool takes_value = extra_of<Function, Request, Reply> != Extra::misfit;
template <class Function, class Request, class Reply>
inline constexpr bool takes_view = !takes_value<Function, Request, Reply> && extra_of<Function, View, Reply> != Extra::misfit;
template <class Function, class Request>
inline constexpr bool takes_span = std::is_invocable_v<Function&, std::span<const Request>> ||
                                   std::is_invocable_v<Function&, std::span<const Request>, std::span<const Context>>;

template <class Reply, class List>
Replier<Reply> make_replier(const std::shared_ptr<RunningRequest>& request) {
  return Replier<Reply>(request, [](const std::shared_ptr<RunningRequest>& asked, auto&& result) {
    if constexpr (std::is_void_v<Reply>) {
      asked->finish(messaging::Reply{});
    } else {
      finish_with<List>(asked, std::move(result));
    }
  });
}

/// For a handler that wants none it costs nothing.
struct NoContext {
  explicit NoContext(const std::shared_ptr<RunningRequest>&) noexcept {}
};
template <Extra extra>
using ContextFor =
    std::conditional_t<extra == Extra::context || extra == Extra::context_and_replier, Context, NoContext>;

template <Extra extra, class Reply, class List, class Function, class Argument>
decltype(auto) call(Function& function, Argument&& argument, [[maybe_unused]] ContextFor<extra>& context,
                    [[maybe_unused]] const std::shared_ptr<RunningRequest>& request) {
  if constexpr (extra == Extra::none) {
    return function(std::forward<Argument>(argument));
  } else if constexpr (extra == Extra::context) {
    return function(std::forward<Argument>(argument), context);
  } else if constexpr (extra == Extra::replier) {
    return function(std::forward<Argument>(argument), make_replier<Reply, List>(request));
  } else {
    return function(std::forward<Argument>(argument), context, make_replier<Reply, List>(request));
  }
}

/// Of what a handler returns: the type whose fingerprint is the contract's.
template <class Result>
struct Contract {
  using Type = typename SentAs<WireOf<Result>>::Type;
  static constexpr std::uint64_t fingerprint = SentAs<WireOf<Result>>::schema;
};
template <class Item>
struct Contract<Stream<Item>> : Contract<Item> {};

/// It runs on when its callable has returned.
template <class Result>
inline constexpr bool goes_on = false;
/// As far as a callable shows it.
template <class Function>
inline constexpr bool takes_values = true;
template <class Result, class... Parameters>
inline constexpr bool takes_values<Result (*)(Parameters...)> = !(std::is_reference_v<Parameters> || ...);
template <class Result, class... Parameters>
inline constexpr bool takes_values<Result (*)(Parameters...) noexcept> = !(std::is_reference_v<Parameters> || ...);

template <class Run>
void guarded(RunningRequest& request, Run&& run) noexcept {
  try {
    run();
  } catch (const std::exception& error) {
    request.finish(failed(FailureCode::handler_failed, error.what()));
  } catch (...) {
    request.finish(failed(FailureCode::handler_failed, "The handler threw something"));
  }
}

/// Nothing, and the request has failed, for bytes that are no Request.
template <class Request, class List>
std::optional<Request> decode(RunningRequest& request, const Payload& payload) {
  const Work& work = request.work();
  const Instant begun = work.sampled ? Loop::now() : Instant{};
  const View view{.payload = payload, .schema = work.schema, .format = work.format};
  auto decoded = view.decode<Request, List>(request.handler().options().decode);
  if (work.sampled) request.timings.decode = microseconds_since(begun);
  if (decoded) return std::move(*decoded);
  request.finish(std::unexpected(failure_of(decoded.error(), FailureCode::bad_payload)));
  return std::nullopt;
}

/// How a request ends with what its handler returned; specialized for what is more than a value.
template <class Result>
struct Ending {
  template <class List>
  static void end(const std::shared_ptr<RunningRequest>& request, Result&& result) {
    finish_with<List>(request, std::move(result));
  }
};
template <class Item>
struct Ending<Stream<Item>> {
  template <class List>
  static void end(const std::shared_ptr<RunningRequest>& request, Stream<Item>&& stream) {
    if (request->work().stream_items == 0) {
      request->finish(failed(FailureCode::handler_failed, "The handler answers with a stream, which was not asked for"));
    } else {
      request->loop()->in_pool(std::make_unique<StreamJob<List, Item>>(request, std::move(stream)));
    }
  }
};
}  // namespace handlers_detail

/// A handler of single requests, decoded or not.
template <class Request, class Reply, class List, class Function>
class HandlerOfOne final : public Handler {
 public:
  HandlerOfOne(HandlerEntry entry, HandlerOptions options, Function function)
      : Handler(std::move(entry), std::move(options)), function_(std::move(function)) {}

  void run(const std::shared_ptr<RunningRequest>& request) noexcept override {
    handlers_detail::guarded(*request, [&] {
      if constexpr (by_view) {
        const Work& work = request->work();
        request->accept();
        run_with(request, View{.payload = request->pinned_payload(), .schema = work.schema, .format = work.format});
      } else {
        const Payload payload = request->payload();
        auto value = handlers_detail::decode<Request, List>(*request, payload);
        if (!value) return;
        request->accept();
        run_with(request, std::move(*value));
      }
    });
  }

 private:
  static constexpr bool by_view = std::is_same_v<Request, View> || handlers_detail::takes_view<Function, Request, Reply>;
  using Argument = std::conditional_t<by_view, View, Request>;
  static constexpr handlers_detail::Extra extra = handlers_detail::extra_of<Function, Argument, Reply>;
  static constexpr bool later =
      extra == handlers_detail::Extra::replier || extra == handlers_detail::Extra::context_and_replier;

  void run_with(const std::shared_ptr<RunningRequest>& request, Argument&& argument) {
    handlers_detail::ContextFor<extra> context(request);
    const RunningRequest::Inside inside(*request);
    const auto call = [&]() -> decltype(auto) {
      return handlers_detail::call<extra, Reply, List>(function_, std::move(argument), context, request);
    };
    if constexpr (later) {
      call();
    } else if constexpr (std::is_void_v<decltype(call())>) {
      call();
      request->finish(messaging::Reply{});
    } else {
      auto result = call();
      handlers_detail::Ending<decltype(result)>::template end<List>(request, std::move(result));
    }
  }

  Function function_;
};

/// A handler of many requests at once.
template <class Request, class List, class Function>
class HandlerOfMany final : public Handler {
 public:
  HandlerOfMany(HandlerEntry entry, HandlerOptions options, Function function)
      : Handler(std::move(entry), std::move(options)), function_(std::move(function)) {}

  bool takes_batches() const noexcept override { return true; }
  void run(const std::shared_ptr<RunningRequest>& request) noexcept override { run_batch({request}); }

  void run_batch(const std::vector<std::shared_ptr<RunningRequest>>& requests) noexcept override {
    std::vector<Payload> payloads;  // The values may borrow from them.
    std::vector<Request> values;
    std::vector<std::shared_ptr<RunningRequest>> running;
    for (const auto& request : requests) {
      Payload payload = request->payload();
      auto value = handlers_detail::decode<Request, List>(*request, payload);
      if (!value) continue;
      request->accept();
      payloads.push_back(std::move(payload));
      values.push_back(std::move(*value));
      running.push_back(request);
    }
    if (running.empty()) return;
    const auto fail = [&](std::string_view why) {
      for (const auto& request : running) request->finish(failed(FailureCode::handler_failed, std::string(why)));
    };
    try {
      run_with(running, values, fail);
    } catch (const std::exception& error) {
      fail(error.what());
    } catch (...) {
      fail("The handler threw something");
    }
  }

 private:
  void run_with(const std::vector<std::shared_ptr<RunningRequest>>& running, std::span<const Request> values, auto fail) {
    const auto call = [&]() -> decltype(auto) {
      if constexpr (std::is_invocable_v<Function&, std::span<const Request>>) {
        return function_(values);
      } else {
        const std::vector<Context> contexts(running.begin(), running.end());
        return function_(values, std::span<const Context>(contexts));
      }
    };
    if constexpr (std::is_void_v<decltype(call())>) {
      call();
      for (const auto& request : running) request->finish(Reply{});
    } else {
      auto results = call();
      if (results.size() != running.size()) {
        return fail("The handler returned " + std::to_string(results.size()) + " results for " +
                    std::to_string(running.size()) + " requests");
      }
      for (std::size_t i = 0; i < running.size(); ++i) finish_with<List>(running[i], std::move(results[i]));
    }
  }

  Function function_;
};

namespace handlers_detail {

template <class Function, class Request, class Reply>
auto result_of() {
  using F = Function&;
  if constexpr (takes_value<Function, Request, Reply> || takes_view<Function, Request, Reply>) {
    using Argument = std::conditional_t<takes_value<Function, Request, Reply>, Request, View>;
    constexpr Extra extra = extra_of<Function, Argument, Reply>;
    if constexpr (extra == Extra::none) {
      return std::type_identity<std::invoke_result_t<F, Argument>>();
    } else if constexpr (extra == Extra::context) {
      return std::type_identity<std::invoke_result_t<F, Argument, Context&>>();
    } else {
      return std::type_identity<Reply>();
    }
  } else {
    using Values = std::span<const Request>;
    if constexpr (std::is_invocable_v<F, Values>) {
      using Results = std::invoke_result_t<F, Values>;
      if constexpr (std::is_void_v<Results>) {
        return std::type_identity<void>();
      } else {
        return std::type_identity<typename Results::value_type>();
      }
    } else {
      using Results = std::invoke_result_t<F, Values, std::span<const Context>>;
      if constexpr (std::is_void_v<Results>) {
        return std::type_identity<void>();
      } else {
        return std::type_identity<typename Results::value_type>();
      }
    }
  }
}

}  // namespace handlers_detail

/// A callable as a handler. Reply: what a caller asks for; Deduced: what the callable returns.
template <class Request, class Reply, class List, class Function>
std::shared_ptr<Handler> make_handler(std::string_view name, Function function, HandlerOptions options) {
  constexpr bool one = handlers_detail::takes_value<Function, Request, Reply> ||
                       handlers_detail::takes_view<Function, Request, Reply>;
  static_assert(one || handlers_detail::takes_span<Function, Request>,
                "structwire: a handler takes its Request, a View or a std::span<const Request>; then a Context& and, where "
                "the reply type is named, a Replier of it, if it wants them");
  using Result = std::remove_cvref_t<typename decltype(handlers_detail::result_of<Function, Request, Reply>())::type>;
  using Contract = handlers_detail::Contract<Result>;
  if constexpr (!std::is_same_v<Reply, Deduced>) {
    static_assert(std::is_same_v<typename Contract::Type, typename handlers_detail::Contract<Reply>::Type>,
                  "structwire: the handler returns another type than its reply type. An error type of the program's own "
                  "is a part of the reply: std::expected<T, E>");
  }
  static_assert(!handlers_detail::goes_on<Result> || (one && handlers_detail::takes_values<Function>),
                "structwire: a handler that is a coroutine takes one request, by value: what a reference refers to is "
                "gone when it goes on");
  HandlerEntry entry{.name = std::string(name),
                     .slot = 0,
                     .request = SentAs<Request>::schema,
                     .response = Contract::fingerprint,
                     .accepts = options.accepts,
                     .idempotent = options.idempotent,
                     .ordering = options.ordering};
  if constexpr (one) {
    return std::make_shared<HandlerOfOne<Request, Reply, List, Function>>(std::move(entry), std::move(options),
                                                                           std::move(function));
  } else {
    return std::make_shared<HandlerOfMany<Request, List, Function>>(std::move(entry), std::move(options),
                                                                     std::move(function));
  }
}

}  // namespace structwire::messaging
