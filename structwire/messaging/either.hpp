// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a handler may return beside a value: its own errors, which are answers too.
//
// A Failure says that there is no answer: a nack on the wire, which retries and circuit breakers look at. An error of
// the program's own, such as `OrderRefused{…}`, is an answer: a handler that returns std::expected<T, OrderRefused> has
// done its work. It travels as a reply, has its place in the contract of the handler, and the caller asks for
// std::expected<T, OrderRefused> as well.

#include <concepts>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/error.hpp>
#include <structwire/core/rules.hpp>
#include <structwire/messaging/failure.hpp>
#include <structwire/messaging/typed_payload.hpp>

namespace structwire::messaging {

/// The form of std::expected<T, E> on the wire: {"value": …} or {"error": …}, nothing for a value of void.
template <class T, class E>
struct Either {
  std::optional<T> value;
  std::optional<E> error;
  using wire = Rules<omit_defaults>;
};
template <class E>
struct Either<void, E> {
  std::optional<E> error;
  using wire = Rules<omit_defaults>;
};

/// Errors that are failures: Failure itself, Error and text, which become `handler_failed`.
template <class E>
concept FailureLike = std::same_as<E, Failure> || std::same_as<E, Error> || std::convertible_to<const E&, std::string_view>;

inline Failure to_failure(Failure failure) { return failure; }
inline Failure to_failure(const Error& error) { return failure_of(error, FailureCode::handler_failed); }
inline Failure to_failure(std::string_view text) {
  return failed(FailureCode::handler_failed, std::string(text)).error();
}

/// Of a reply type as programs name it: the type on the wire.
template <class T>
struct ReplyForm {
  using Wire = T;
};
template <class T, class E>
struct ReplyForm<std::expected<T, E>> {
  using Wire = std::conditional_t<FailureLike<E>, T, Either<T, E>>;
};
template <class T>
using WireOf = typename ReplyForm<T>::Wire;

template <class T, class E>
Either<T, E> to_wire(std::expected<T, E>&& result) {
  Either<T, E> wire;
  if (!result) {
    wire.error.emplace(std::move(result.error()));
  } else if constexpr (!std::is_void_v<T>) {
    wire.value.emplace(std::move(*result));
  }
  return wire;
}
/// Nothing for bytes that hold neither.
template <class T, class E>
std::optional<std::expected<T, E>> from_wire(Either<T, E>&& wire) {
  if (wire.error) return std::unexpected(std::move(*wire.error));
  if constexpr (std::is_void_v<T>) {
    return std::expected<T, E>();
  } else {
    if (!wire.value) return std::nullopt;
    return std::expected<T, E>(std::move(*wire.value));
  }
}

}  // namespace structwire::messaging
