// SPDX-License-Identifier: Apache-2.0
#pragma once

// The order of keys and items where output is sorted (Order::deterministic): numbers by value, text by its bytes,
// enums as they are written, everything else by its own operator<.

#include <type_traits>

#include <structwire/core/types.hpp>

namespace structwire {

template <class T>
bool less(const T& a, const T& b) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::annotated) {
    return less(plain(a), plain(b));
  } else if constexpr (shape == Shape::enumeration) {
    constexpr const auto& table = enum_table<T>;
    if constexpr (table.named) {
      const std::size_t left = table.position(a);
      const std::size_t right = table.position(b);
      if (left < table.names.size() && right < table.names.size()) return table.names[left] < table.names[right];
    }
    return a < b;
  } else if constexpr (shape == Shape::literal) {
    return a.text() < b.text() || (a.text() == b.text() && a < b);
  } else {
    return a < b;
  }
}

}  // namespace structwire
