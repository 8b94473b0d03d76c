// SPDX-License-Identifier: Apache-2.0
#pragma once

// Are two values the same to the last bit? Compared member by member through their Plan, so that
// samples need no operator== and private members count; floats by their bits, except that every NaN
// is the same.

#include <algorithm>
#include <bit>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include <structwire/core/plan.hpp>

namespace structwire::testing {

template <class T>
bool same(const T& a, const T& b);

template <class T>
bool same_float(T a, T b) noexcept {
  using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
  return (a != a && b != b) || std::bit_cast<Bits>(a) == std::bit_cast<Bits>(b);
}

template <class T>
bool same_items(const T& a, const T& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const typename T::value_type& x, const typename T::value_type& y) { return same(x, y); });
}

template <class T>
bool same_entries(const T& a, const T& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const auto& entry) {
           const auto found = b.find(entry.first);
           return found != b.end() && same(entry.second, found->second);
         });
}

// Value's own equality takes 0.0 for -0.0; entries are compared in order here.
inline bool same_value(const Value& a, const Value& b) {
  const auto* items = a.get_if<Value::Array>();
  const auto* entries = a.get_if<Value::Map>();
  const auto* number = a.get_if<double>();
  if (number != nullptr)
    return b.get_if<double>() != nullptr && same_float(*number, *b.get_if<double>());
  if (items != nullptr) {
    const auto* others = b.get_if<Value::Array>();
    return others != nullptr &&
           std::equal(items->begin(), items->end(), others->begin(), others->end(), same_value);
  }
  if (entries == nullptr) return a == b;
  const auto* others = b.get_if<Value::Map>();
  return others != nullptr &&
         std::equal(entries->begin(), entries->end(), others->begin(), others->end(),
                    [](const Value::Entry& x, const Value::Entry& y) {
                      return same_value(x.key, y.key) && same_value(x.value, y.value);
                    });
}

// A Raw that went through another format holds other bytes for the same value.
inline bool same_raw(const Raw& a, const Raw& b) {
  if (a.format() == b.format()) return a == b;
  const auto x = a.decode();
  const auto y = b.decode();
  return x && y && same_value(*x, *y);
}

template <class T>
bool same_elements(const T& a, const T& b) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return (same(std::get<I>(a), std::get<I>(b)) && ...);
  }(std::make_index_sequence<std::tuple_size_v<T>>{});
}

template <class T>
bool same_alternative(const T& a, const T& b) {
  return a.index() == b.index() && std::visit(
                                       []<class X, class Y>(const X& x, const Y& y) {
                                         if constexpr (std::is_same_v<X, Y>) return same(x, y);
                                         return false;
                                       },
                                       a, b);
}

template <class T>
bool same_members(const T& a, const T& b) {
  using P = Plan<T>;
  bool equal = true;
  for_each_member<P>([&](auto i) { equal = equal && same(P::template get<i>(a), P::template get<i>(b)); });
  if constexpr (P::keeps_unknown_fields) equal = equal && same(P::unknown_fields(a), P::unknown_fields(b));
  return equal;
}

template <class T>
bool same(const T& a, const T& b) {
  if constexpr (FloatingType<T>) {
    return same_float(a, b);
  } else if constexpr (AnnotatedType<T>) {
    return same(plain(a), plain(b));
  } else if constexpr (BoxType<T>) {
    return same(*a, *b);
  } else if constexpr (TupleType<T>) {
    return same_elements(a, b);
  } else if constexpr (VariantType<T>) {
    return same_alternative(a, b);
  } else if constexpr (std::is_same_v<T, UnknownAlternative>) {
    return a.tag == b.tag && same_raw(a.value, b.value);
  } else if constexpr (OptionalType<T> || UnsetType<T>) {
    return a && b ? same(*a, *b) : !a && !b;
  } else if constexpr (MapType<T>) {
    return same_entries(a, b);
  } else if constexpr (ArrayType<T> || FixedArrayType<T>) {
    return same_items(a, b);
  } else if constexpr (ValueType<T>) {
    return same_value(a, b);
  } else if constexpr (RawType<T>) {
    return same_raw(a, b);
  } else if constexpr (StructType<T>) {
    return same_members(a, b);
  } else {
    return a == b;
  }
}

}  // namespace structwire::testing
