// SPDX-License-Identifier: Apache-2.0
#pragma once

// What hooks of users answer: validators say yes or no, codecs give a value or refuse.
//
// Yes or no: bool, where the error tells the function's name; a text (const char*, std::string, std::string_view, std::optional<std::string>), where
// nullptr, empty or nothing is yes and the text is the sentence of the error; std::expected<void, E>, where E is
// such a text or an Error. A value or a refusal: the value itself, or std::expected<value, E>. Whatever a hook
// throws becomes an error with its what(); nothing passes.

#include <exception>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/error.hpp>
#include <structwire/core/reflect.hpp>

namespace structwire::hook {

/// Nothing when the hook agrees, else the sentence of the error.
using Refusal = std::optional<std::string>;

template <class E>
std::string sentence(const E& error) {
  if constexpr (std::is_same_v<E, Error>) {
    return error.message();
  } else {
    return std::string(error);
  }
}

template <class Answer>
inline constexpr bool is_expected = false;
template <class V, class E>
inline constexpr bool is_expected<std::expected<V, E>> = true;

template <class Answer>
Refusal read_answer(const Answer& answer) {
  if constexpr (is_expected<Answer>) {
    return answer ? Refusal() : Refusal(sentence(answer.error()));
  } else if constexpr (std::is_pointer_v<Answer>) {
    return answer == nullptr ? Refusal() : Refusal(answer);
  } else if constexpr (std::is_same_v<Answer, std::optional<std::string>>) {
    return answer;
  } else {
    const std::string_view text = answer;
    return text.empty() ? Refusal() : Refusal(text);
  }
}

/// Runs `call`, and turns what it throws into a refusal.
template <class Call>
Refusal guarded(Call&& call) {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    throw;  // The loops answer for memory.
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "A hook threw";
  }
}

/// The sentence where a validator says no and not why.
template <auto Function>
std::string plain_no() {
  const std::string_view name = reflect::function_name<Function>;
  return name.empty() ? "Invalid value" : "Expected a value that passes `" + std::string(name) + "`";
}

template <auto Function, class T>
Refusal validate(const T& value) {
  return guarded([&]() -> Refusal {
    using Answer = std::remove_cvref_t<std::invoke_result_t<decltype(Function), const T&>>;
    if constexpr (std::is_void_v<Answer>) {
      std::invoke(Function, value);  // Says no by throwing.
      return std::nullopt;
    } else if constexpr (std::is_same_v<Answer, bool>) {
      return std::invoke(Function, value) ? Refusal() : Refusal(plain_no<Function>());
    } else {
      return read_answer(std::invoke(Function, value));
    }
  });
}

/// `out` from what the codec made of its wire form.
template <class Codec, class T, class Wire>
Refusal from_wire(Wire&& wire, T& out) {
  return guarded([&]() -> Refusal {
    auto made = Codec::from_wire(std::forward<Wire>(wire));
    if constexpr (is_expected<decltype(made)>) {
      if (!made) return sentence(made.error());
      out = std::move(*made);
    } else {
      out = std::move(made);
    }
    return std::nullopt;
  });
}

}  // namespace structwire::hook
