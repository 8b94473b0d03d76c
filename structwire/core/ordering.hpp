// SPDX-License-Identifier: Apache-2.0
#pragma once

// An order over every wire type, with no need of an operator<: `compare(a, b)`. For keys of maps
// and sets, sorting, and tests; the same order on every run and machine. It agrees with
// core/equal.hpp: equivalent is equal.
//
//   structs            member by member in wire order; skipped members are not looked at
//   numbers            by value; 0.0 and -0.0 are equivalent; NaN is above all others and equivalent to NaN
//   text, bytes        byte by byte, unsigned
//   optional, Unset    without a value first
//   containers         item by item, the shorter first; those without an order of their own as if sorted
//   variant            by alternative, then by value
//   enums, literals    by value; in the order listed
//   Value              null, bool, integers, floats, text, bytes, arrays, maps, extensions
//
// Recurses as deep as the value is; what was decoded is bounded by Limits::depth.

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <structwire/core/plan.hpp>
#include <structwire/core/types.hpp>

namespace structwire {

template <class T>
std::weak_ordering compare(const T& a, const T& b);

namespace ordering_detail {

// Text compares its characters as unsigned bytes.
inline std::string_view as_text(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class T>
std::weak_ordering of_floats(T a, T b) noexcept {
  if (a < b) return std::weak_ordering::less;
  if (a > b) return std::weak_ordering::greater;
  return (a != a) <=> (b != b);
}

template <class T>
std::weak_ordering of_items(const T& a, const T& b) {
  auto other = b.begin();
  for (const auto& item : a) {
    if (other == b.end()) return std::weak_ordering::greater;
    if (const auto order = compare<typename T::value_type>(item, *other++); order != 0)
      return order;
  }
  return other == b.end() ? std::weak_ordering::equivalent : std::weak_ordering::less;
}

template <class Entry>
std::weak_ordering of_entries(const Entry& a, const Entry& b) {
  if (const auto order = compare(a.first, b.first); order != 0) return order;
  return compare(a.second, b.second);
}

template <class T>
std::weak_ordering of_elements(const typename T::value_type& a, const typename T::value_type& b) {
  if constexpr (MapType<T>) {
    return of_entries(a, b);
  } else {
    return compare(a, b);
  }
}

// Maps and sets in the order of their items, whatever order the container keeps.
template <class T>
std::weak_ordering of_sorted(const T& a, const T& b) {
  using Element = typename T::value_type;
  const auto sorted = [](const T& container) {
    std::vector<const Element*> elements;
    elements.reserve(container.size());
    for (const Element& element : container) elements.push_back(&element);
    std::ranges::sort(
        elements, [](const Element* x, const Element* y) { return of_elements<T>(*x, *y) < 0; });
    return elements;
  };
  const auto ours = sorted(a);
  const auto theirs = sorted(b);
  for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i) {
    if (const auto order = of_elements<T>(*ours[i], *theirs[i]); order != 0) return order;
  }
  return ours.size() <=> theirs.size();
}

inline std::weak_ordering of_raws(const RawView& a, const RawView& b) noexcept {
  const auto name = [](const RawView& raw) {
    return raw.empty() ? std::string_view() : raw.format->name;
  };
  if (const auto order = name(a) <=> name(b); order != 0) return order;
  return as_text(a.bytes) <=> as_text(b.bytes);
}

template <class T>
std::weak_ordering of_maybes(const T& a, const T& b) {
  if (!a || !b) return static_cast<bool>(a) <=> static_cast<bool>(b);
  return compare(*a, *b);
}

template <class T>
std::weak_ordering of_variants(const T& a, const T& b) {
  // A variant without a value has the largest index of all; it comes first.
  if (a.index() != b.index() || a.valueless_by_exception()) return a.index() + 1 <=> b.index() + 1;
  return std::visit([&]<class A>(const A& held) { return compare(held, *std::get_if<A>(&b)); }, a);
}

template <class T, std::size_t... I>
std::weak_ordering of_tuples(const T& a, const T& b, std::index_sequence<I...>) {
  std::weak_ordering order = std::weak_ordering::equivalent;
  (void)((order = compare(std::get<I>(a), std::get<I>(b)), order == 0) && ...);
  return order;
}

template <class T>
std::weak_ordering of_structs(const T& a, const T& b) {
  using P = Plan<T>;
  std::weak_ordering order = std::weak_ordering::equivalent;
  for_each_member<P>([&](auto i) {
    if (order == 0) order = compare(P::template get<i>(a), P::template get<i>(b));
  });
  if constexpr (P::keeps_unknown_fields) {
    if (order == 0) order = compare(P::unknown_fields(a), P::unknown_fields(b));
  }
  return order;
}

}  // namespace ordering_detail

/// Less, equivalent or greater, by value.
template <class T>
std::weak_ordering compare(const T& a, const T& b) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::boolean || shape == Shape::integer || shape == Shape::enumeration ||
                shape == Shape::literal) {
    return a <=> b;
  } else if constexpr (shape == Shape::floating) {
    return ordering_detail::of_floats(a, b);
  } else if constexpr (shape == Shape::text) {
    return std::string_view(a) <=> std::string_view(b);
  } else if constexpr (shape == Shape::bytes) {
    return ordering_detail::as_text(a) <=> ordering_detail::as_text(b);
  } else if constexpr (shape == Shape::text_scalar) {
    return std::compare_weak_order_fallback(a, b);
  } else if constexpr (shape == Shape::null) {
    return std::weak_ordering::equivalent;
  } else if constexpr (shape == Shape::annotated) {
    return compare(plain(a), plain(b));
  } else if constexpr (shape == Shape::optional || shape == Shape::unsettable) {
    return ordering_detail::of_maybes(a, b);
  } else if constexpr (shape == Shape::box) {
    return compare(*a, *b);
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::array) {
    return ordering_detail::of_items(a, b);
  } else if constexpr (shape == Shape::map || shape == Shape::set) {
    return ordering_detail::of_sorted(a, b);
  } else if constexpr (shape == Shape::tuple) {
    return ordering_detail::of_tuples(a, b, std::make_index_sequence<std::tuple_size_v<T>>{});
  } else if constexpr (shape == Shape::variant) {
    return ordering_detail::of_variants(a, b);
  } else if constexpr (shape == Shape::value) {
    return a <=> b;
  } else if constexpr (std::is_same_v<T, Raw>) {
    return ordering_detail::of_raws(a.view(), b.view());
  } else if constexpr (shape == Shape::raw) {
    return ordering_detail::of_raws(a, b);
  } else if constexpr (shape == Shape::ext) {
    const auto order = compare(a.code, b.code);
    return order != 0 ? order : compare(a.data, b.data);
  } else if constexpr (shape == Shape::unknown_alternative) {
    const auto order = compare(a.tag, b.tag);
    return order != 0 ? order : compare(a.value, b.value);
  } else if constexpr (shape == Shape::structure) {
    return ordering_detail::of_structs(a, b);
  } else if constexpr (requires { std::compare_weak_order_fallback(a, b); }) {
    return std::compare_weak_order_fallback(a, b);
  } else if constexpr (shape == Shape::coded) {
    return compare<typename codec_for<T>::wire_type>(codec_for<T>::to_wire(a),
                                                     codec_for<T>::to_wire(b));
  } else if constexpr (shape == Shape::extension) {
    return compare(extension_for<T>::to_bytes(a), extension_for<T>::to_bytes(b));
  } else {
    refuse_unsupported<T>();
  }
}

/// `std::set<Key, sw::Less>`, `std::ranges::sort(keys, sw::Less())`.
struct Less {
  template <class T>
  bool operator()(const T& a, const T& b) const {
    return compare(a, b) < 0;
  }
};

}  // namespace structwire
