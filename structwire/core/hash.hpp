// SPDX-License-Identifier: Apache-2.0
#pragma once

// A hash over every wire type, with no need of a std::hash: `hash(x)`, and CachedHash, which
// computes it once. It agrees with core/equal.hpp: what is equal has equal hashes, also containers
// that keep no order, 0.0 and -0.0, and NaNs. For tables in memory only: its values differ between
// builds, and who chooses the input can make them collide.

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include <structwire/core/equal.hpp>
#include <structwire/core/plan.hpp>
#include <structwire/core/types.hpp>

namespace structwire {

template <class T>
std::size_t hash(const T& value);

namespace hash_detail {

// The finalizer of a multiplicative hash: every bit of the input reaches every bit of the result.
constexpr std::uint64_t mixed(std::uint64_t bits) noexcept {
  bits ^= bits >> 32;
  bits *= 0x9e3779b97f4a7c15;
  bits ^= bits >> 29;
  bits *= 0xd6e8feb86659fd93;
  return bits ^ (bits >> 32);
}

/// Takes hashes in, one after the other.
class Sequence {
 public:
  void add(std::size_t hash) noexcept { state_ = mixed(state_ + hash); }
  std::size_t finish() const noexcept { return static_cast<std::size_t>(state_); }

 private:
  std::uint64_t state_ = 0x243f6a8885a308d3;
};

inline std::size_t of_bytes(std::span<const std::byte> bytes) noexcept {
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

inline std::size_t of_double(double value) noexcept {
  if (value != value) value = std::numeric_limits<double>::quiet_NaN();
  return std::hash<double>{}(value == 0 ? 0.0 : value);
}

template <class T>
concept Hashable = std::is_default_constructible_v<std::hash<T>>;

template <class T>
std::size_t of_scalars(const T& value) {
  if constexpr (Hashable<T>) {
    return std::hash<T>{}(value);
  } else if constexpr (requires {
                         typename T::rep;
                         value.count();
                       }) {
    return hash(value.count());
  } else if constexpr (requires { value.time_since_epoch(); }) {
    return of_scalars(value.time_since_epoch());
  } else {
    return std::hash<std::string>{}(text_of(value));
  }
}

template <class T>
std::size_t of_items(const T& items) {
  Sequence sequence;
  for (const auto& item : items) sequence.add(hash<typename T::value_type>(item));
  return sequence.finish();
}

// Any order of the same elements has the same sum.
template <class T, class F>
std::size_t of_elements(const T& container, F&& hash_of) {
  std::uint64_t sum = 0x452821e638d01377 + container.size();
  for (const auto& element : container) sum += mixed(hash_of(element));
  return static_cast<std::size_t>(mixed(sum));
}

template <class T>
std::size_t of_entry(const T& key, const auto& mapped) {
  Sequence sequence;
  sequence.add(hash(key));
  sequence.add(hash(mapped));
  return sequence.finish();
}

template <class T>
std::size_t of_structs(const T& value) {
  using P = Plan<T>;
  Sequence sequence;
  for_each_member<P>([&](auto i) { sequence.add(hash(P::template get<i>(value))); });
  if constexpr (P::keeps_unknown_fields) sequence.add(hash(P::unknown_fields(value)));
  return sequence.finish();
}

template <class T>
std::size_t of_alternative(std::size_t index, const T& value) {
  Sequence sequence;
  sequence.add(index);
  sequence.add(hash(value));
  return sequence.finish();
}

inline std::size_t of_raws(const RawView& raw) noexcept {
  Sequence sequence;
  sequence.add(std::hash<const Format*>{}(raw.format));
  sequence.add(of_bytes(raw.bytes));
  return sequence.finish();
}

inline std::size_t of_values(const Value& value) {
  if (const auto* truth = value.get_if<bool>()) return of_alternative(1, *truth);
  if (const auto* number = value.get_if<std::int64_t>()) return of_alternative(2, *number);
  if (const auto* number = value.get_if<std::uint64_t>()) return of_alternative(3, *number);
  if (const auto* number = value.get_if<double>()) return of_alternative(4, *number);
  if (const auto* text = value.get_if<std::string>()) return of_alternative(5, *text);
  if (const auto* bytes = value.get_if<Bytes>()) return of_alternative(6, *bytes);
  if (const auto* items = value.get_if<Value::Array>()) return of_items(*items);
  if (const auto* ext = value.get_if<Ext>()) return of_alternative(7, *ext);
  const auto* map = value.get_if<Value::Map>();
  if (map == nullptr) return 0;
  return of_elements(*map,
                     [](const Value::Entry& entry) { return of_entry(entry.key, entry.value); });
}

}  // namespace hash_detail

/// The hash of the value.
template <class T>
std::size_t hash(const T& value) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::floating) {
    return hash_detail::of_double(static_cast<double>(value));
  } else if constexpr (shape == Shape::text) {
    return std::hash<std::string_view>{}(value);
  } else if constexpr (shape == Shape::bytes) {
    return hash_detail::of_bytes(value);
  } else if constexpr (shape == Shape::text_scalar) {
    return hash_detail::of_scalars(value);
  } else if constexpr (shape == Shape::null) {
    return 0;
  } else if constexpr (shape == Shape::annotated) {
    return hash(plain(value));
  } else if constexpr (shape == Shape::optional || shape == Shape::unsettable) {
    return value ? hash_detail::of_alternative(1, *value) : 0;
  } else if constexpr (shape == Shape::box) {
    return hash(*value);
  } else if constexpr (shape == Shape::fixed_array || shape == Shape::array) {
    return hash_detail::of_items(value);
  } else if constexpr (shape == Shape::map) {
    return hash_detail::of_elements(
        value, [](const auto& entry) { return hash_detail::of_entry(entry.first, entry.second); });
  } else if constexpr (shape == Shape::set) {
    return hash_detail::of_elements(value, [](const auto& item) { return hash(item); });
  } else if constexpr (shape == Shape::tuple) {
    hash_detail::Sequence sequence;
    std::apply([&](const auto&... items) { (sequence.add(hash(items)), ...); }, value);
    return sequence.finish();
  } else if constexpr (shape == Shape::variant) {
    if (value.valueless_by_exception()) return 0;
    return std::visit(
        [&](const auto& held) { return hash_detail::of_alternative(value.index(), held); }, value);
  } else if constexpr (shape == Shape::value) {
    return hash_detail::of_values(value);
  } else if constexpr (std::is_same_v<T, Raw>) {
    return hash_detail::of_raws(value.view());
  } else if constexpr (shape == Shape::raw) {
    return hash_detail::of_raws(value);
  } else if constexpr (shape == Shape::ext) {
    return hash_detail::of_entry(value.code, value.data);
  } else if constexpr (shape == Shape::unknown_alternative) {
    return hash_detail::of_entry(value.tag, value.value);
  } else if constexpr (shape == Shape::structure) {
    return hash_detail::of_structs(value);
  } else if constexpr (hash_detail::Hashable<T>) {
    return std::hash<T>{}(value);
  } else if constexpr (shape == Shape::coded) {
    return hash<typename codec_for<T>::wire_type>(codec_for<T>::to_wire(value));
  } else if constexpr (shape == Shape::extension) {
    return hash(extension_for<T>::to_bytes(value));
  } else {
    refuse_unsupported<T>();
  }
}

/// `std::unordered_map<Key, Mapped, sw::Hash, sw::Equal>`.
struct Hash {
  template <class T>
  std::size_t operator()(const T& value) const {
    return hash(value);
  }
};
struct Equal {
  template <class T>
  bool operator()(const T& a, const T& b) const {
    return equal(a, b);
  }
};

/// A value that never changes, with its hash, which is computed when it is first asked for and
/// kept; copies keep it, too. For keys that are expensive to hash and are looked up often. Threads
/// may share one.
template <class T>
class CachedHash {
 public:
  using element_type = T;

  CachedHash() = default;
  CachedHash(T value) noexcept(std::is_nothrow_move_constructible_v<T>)
      : value_(std::move(value)) {}
  CachedHash(const CachedHash& other) : value_(other.value_), hash_(other.kept()) {}
  CachedHash(CachedHash&& other) noexcept(std::is_nothrow_move_constructible_v<T>)
      : value_(std::move(other.value_)),
        hash_(other.hash_.exchange(unknown, std::memory_order_relaxed)) {}
  CachedHash& operator=(CachedHash other) noexcept(std::is_nothrow_move_assignable_v<T>) {
    value_ = std::move(other.value_);
    hash_.store(other.kept(), std::memory_order_relaxed);
    return *this;
  }

  const T& operator*() const noexcept { return value_; }
  const T* operator->() const noexcept { return &value_; }
  operator const T&() const noexcept { return value_; }

  /// The hash of the value; 1 in place of 0.
  std::size_t hash() const {
    std::size_t known = kept();
    if (known == unknown) {
      known = structwire::hash(value_);
      if (known == unknown) known = stand_in;
      hash_.store(known, std::memory_order_relaxed);
    }
    return known;
  }

  /// By value. Hashes that are both known and differ spare the comparison.
  friend bool operator==(const CachedHash& a, const CachedHash& b) {
    const std::size_t ours = a.kept();
    const std::size_t theirs = b.kept();
    if (ours != unknown && theirs != unknown && ours != theirs) return false;
    return &a == &b || equal(a.value_, b.value_);
  }

 private:
  static constexpr std::size_t unknown = 0;
  static constexpr std::size_t stand_in = 1;  // For the one hash that would read as unknown.

  std::size_t kept() const noexcept { return hash_.load(std::memory_order_relaxed); }

  T value_{};
  // Every thread that finds it unknown stores the same number, so no order is needed.
  mutable std::atomic<std::size_t> hash_{unknown};
};

}  // namespace structwire

template <class T>
struct std::hash<structwire::CachedHash<T>> {
  std::size_t operator()(const structwire::CachedHash<T>& value) const { return value.hash(); }
};
