// SPDX-License-Identifier: Apache-2.0
#pragma once

// The order in which maps and sets are written (a part of core/encode.hpp).

#include <algorithm>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include <structwire/core/compare.hpp>
#include <structwire/core/encode.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// A tree whose comparator is the natural order, not one of the program's own.
template <class T, class Key>
inline constexpr bool kept_by_less = false;
template <class T, class Key>
  requires requires { typename T::key_compare; }
inline constexpr bool kept_by_less<T, Key> =
    std::is_same_v<typename T::key_compare, std::less<Key>> || std::is_same_v<typename T::key_compare, std::less<>>;

/// Containers that keep text or numbers in their natural order are in every order that the options can ask for.
template <class T, class Key>
inline constexpr bool always_in_order =
    kept_by_less<T, Key> && (std::is_same_v<Key, std::string> || std::is_arithmetic_v<Key>);

/// True where a container is written as it goes.
template <class T, class Key>
bool is_in_order(const WriterState& state) noexcept {
  return always_in_order<T, Key> || state.options.order == Order::as_held;
}

/// Calls write(entry) for each entry or item of a map or a set, in the order that the options ask for.
template <class Key, class T, class KeyOf, class Write>
void in_order(const WriterState& state, const T& container, KeyOf key_of, Write write) {
  if (is_in_order<T, Key>(state)) {
    for (const auto& entry : container) write(entry);
    return;
  }
  std::vector<decltype(&*container.begin())> sorted;
  sorted.reserve(container.size());
  for (const auto& entry : container) sorted.push_back(&entry);
  std::ranges::sort(sorted, [&](const auto* a, const auto* b) { return less(key_of(*a), key_of(*b)); });
  for (const auto* entry : sorted) write(*entry);
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
