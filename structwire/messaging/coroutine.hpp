// SPDX-License-Identifier: Apache-2.0
#pragma once

// What handlers that are coroutines have in common; task.hpp and generator.hpp are what programs include.

#include <coroutine>
#include <type_traits>

namespace structwire::messaging::coroutine_detail {

/// Of the parameters that a coroutine's promise is chosen by. The first may be the object whose member it is, such as
/// the closure, which the node keeps.
template <class...>
inline constexpr bool by_value = true;
template <class First, class... Others>
inline constexpr bool by_value<First, Others...> = !(std::is_reference_v<Others> || ...);

/// GCC 12 destroys a temporary of an aggregate twice in an expression with co_await or co_yield. What can be seen of
/// that from here is refused; a named object does no harm.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 16
template <class Value>
inline constexpr bool is_safe_temporary = !std::is_aggregate_v<Value> || std::is_trivially_destructible_v<Value>;
#else
template <class Value>
inline constexpr bool is_safe_temporary = true;
#endif

template <class>
inline constexpr bool never_true = false;

}  // namespace structwire::messaging::coroutine_detail
