// SPDX-License-Identifier: Apache-2.0
#pragma once

// Equality by value over every wire type, with no need of an operator==: what omit_defaults asks. Structs are
// equal when their members are, whatever operator== they have; skipped members are not looked at. NaN equals
// NaN, because a default of NaN is left out as well. core/ordering.hpp and core/hash.hpp agree with it.

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include <structwire/core/plan.hpp>
#include <structwire/core/types.hpp>

namespace structwire {

/// 0.0 and -0.0 are equal, but leaving one out where the other is the default would lose a sign.
enum class Zeros { alike, apart };

template <Zeros zeros = Zeros::alike, class T>
bool equal(const T& a, const T& b);

namespace equal_detail {

template <Zeros zeros, class T>
bool items(const T& a, const T& b) {
  if (a.size() != b.size()) return false;
  auto other = b.begin();
  for (const auto& item : a) {
    if (!equal<zeros, typename T::value_type>(item, *other++)) return false;
  }
  return true;
}

// Entries in any order: containers without an order of their own compare alike.
template <Zeros zeros, class T>
bool entries(const T& a, const T& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, mapped] : a) {
    const auto found = b.find(key);
    if (found == b.end() || !equal<zeros>(mapped, found->second)) return false;
  }
  return true;
}

// Sets without an order of their own, in any order.
template <class T>
bool contained(const T& a, const T& b) {
  if (a.size() != b.size()) return false;
  for (const auto& item : a) {
    if (!b.contains(item)) return false;
  }
  return true;
}

template <Zeros zeros, class T>
bool members(const T& a, const T& b) {
  using P = Plan<T>;
  bool same = true;
  for_each_member<P>([&](auto i) { same = same && equal<zeros>(P::template get<i>(a), P::template get<i>(b)); });
  if constexpr (P::keeps_unknown_fields) same = same && equal<zeros>(P::unknown_fields(a), P::unknown_fields(b));
  return same;
}

template <Zeros zeros, class T>
bool variants(const T& a, const T& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&]<class A>(const A& held) {
        const A* other = std::get_if<A>(&b);
        return other != nullptr && equal<zeros>(held, *other);
      },
      a);
}

}  // namespace equal_detail

template <Zeros zeros, class T>
bool equal(const T& a, const T& b) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::floating) {
    return (a == b && (zeros == Zeros::alike || __builtin_signbit(a) == __builtin_signbit(b))) || (a != a && b != b);
  } else if constexpr (shape == Shape::annotated) {
    return equal<zeros>(plain(a), plain(b));
  } else if constexpr (shape == Shape::optional || shape == Shape::unsettable) {
    return static_cast<bool>(a) == static_cast<bool>(b) && (!a || equal<zeros>(*a, *b));
  } else if constexpr (shape == Shape::box) {
    return equal<zeros>(*a, *b);
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::array) {
    return equal_detail::items<zeros>(a, b);
  } else if constexpr (shape == Shape::tuple) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (equal<zeros>(std::get<I>(a), std::get<I>(b)) && ...);
    }(std::make_index_sequence<std::tuple_size_v<T>>{});
  } else if constexpr (shape == Shape::map) {
    return equal_detail::entries<zeros>(a, b);
  } else if constexpr (shape == Shape::set) {
    if constexpr (requires { typename T::hasher; }) {
      return equal_detail::contained(a, b);
    } else {
      return equal_detail::items<zeros>(a, b);
    }
  } else if constexpr (shape == Shape::variant) {
    return equal_detail::variants<zeros>(a, b);
  } else if constexpr (shape == Shape::structure) {
    return equal_detail::members<zeros>(a, b);
  } else if constexpr (shape == Shape::bytes) {
    return std::ranges::equal(a.data(), a.data() + a.size(), b.data(), b.data() + b.size());
  } else if constexpr (shape == Shape::coded && !requires { a == b; }) {
    return equal<zeros>(codec_for<T>::to_wire(a), codec_for<T>::to_wire(b));
  } else if constexpr (shape == Shape::extension && !requires { a == b; }) {
    return extension_for<T>::to_bytes(a) == extension_for<T>::to_bytes(b);
  } else {
    return a == b;
  }
}

}  // namespace structwire
