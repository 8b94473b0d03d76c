// SPDX-License-Identifier: Apache-2.0
#pragma once

// Unset<T>: absent, or a T. What a patch or a sparse message needs to tell "was not there" from
// null:
//
//   struct Patch {
//     sw::Unset<std::string> title;                       // absent, or text
//     sw::Unset<std::optional<std::int64_t>> deadline;    // absent, null, or a number
//   };
//
// A default Unset is absent. Values convert in implicitly, so `.title = "x"` and `.deadline =
// std::nullopt` read as they would without the wrapper. It compares with values and with the tag
// `unset`; absent is less than every value.

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace structwire {

/// The type of `unset`.
struct UnsetTag {
  // Not made of `{}`, which stands for an Unset of its own.
  enum class Made { here };
  constexpr explicit UnsetTag(Made) noexcept {}
  friend constexpr bool operator==(UnsetTag, UnsetTag) noexcept = default;
};
/// Absent: `patch.title = sw::unset`.
inline constexpr UnsetTag unset{UnsetTag::Made::here};

template <class T>
class Unset;

namespace unset_detail {
template <class T>
inline constexpr bool is_unset = false;
template <class T>
inline constexpr bool is_unset<Unset<T>> = true;

// What an Unset<T> is made of and compared with, besides itself and the tag.
template <class U, class T>
concept ValueFor =
    !is_unset<std::remove_cvref_t<U>> && !std::same_as<std::remove_cvref_t<U>, UnsetTag> &&
    !std::same_as<std::remove_cvref_t<U>, std::in_place_t> && std::constructible_from<T, U>;
}  // namespace unset_detail

template <class T>
class Unset {
  static_assert(std::is_object_v<T> && !std::is_const_v<T> && !std::is_array_v<T>,
                "structwire: Unset holds a value: no reference, no const, no array");
  static_assert(!unset_detail::is_unset<T>, "structwire: an Unset of an Unset has no wire form");

 public:
  using value_type = T;

  /// Absent.
  constexpr Unset() noexcept = default;
  constexpr Unset(UnsetTag) noexcept {}
  template <class U = T>
    requires unset_detail::ValueFor<U, T>
  constexpr explicit(!std::is_convertible_v<U, T>) Unset(U&& value)
      : held_(std::in_place, std::forward<U>(value)) {}
  template <class... Arguments>
  constexpr explicit Unset(std::in_place_t, Arguments&&... arguments)
      : held_(std::in_place, std::forward<Arguments>(arguments)...) {}

  constexpr Unset& operator=(UnsetTag) noexcept {
    held_.reset();
    return *this;
  }
  template <class U = T>
    requires(unset_detail::ValueFor<U, T> && std::is_assignable_v<T&, U> &&
             !std::same_as<U, UnsetTag>)
  constexpr Unset& operator=(U&& value) {
    if (held_.has_value()) {
      *held_ = std::forward<U>(value);
    } else {
      held_.emplace(std::forward<U>(value));
    }
    return *this;
  }

  /// True when there is a T, also when that T is an empty optional.
  constexpr bool has_value() const noexcept { return held_.has_value(); }
  constexpr bool is_set() const noexcept { return held_.has_value(); }
  constexpr explicit operator bool() const noexcept { return held_.has_value(); }

  /// The value; only while there is one.
  constexpr T& operator*() & noexcept { return *held_; }
  constexpr const T& operator*() const& noexcept { return *held_; }
  constexpr T&& operator*() && noexcept { return *std::move(held_); }
  constexpr const T&& operator*() const&& noexcept { return *std::move(held_); }
  constexpr T* operator->() noexcept { return &*held_; }
  constexpr const T* operator->() const noexcept { return &*held_; }

  /// The value, or `fallback` when absent. A null is a value: of an Unset<std::optional<U>> that
  /// holds null it is the empty optional that comes back.
  template <class U>
  constexpr T value_or(U&& fallback) const& {
    return held_.has_value() ? *held_ : static_cast<T>(std::forward<U>(fallback));
  }
  template <class U>
  constexpr T value_or(U&& fallback) && {
    return held_.has_value() ? *std::move(held_) : static_cast<T>(std::forward<U>(fallback));
  }

  /// Makes it absent.
  constexpr void reset() noexcept { held_.reset(); }
  /// Makes a new value in place of what is there.
  template <class... Arguments>
  constexpr T& emplace(Arguments&&... arguments) {
    return held_.emplace(std::forward<Arguments>(arguments)...);
  }

  friend constexpr void swap(Unset& a, Unset& b) noexcept(std::is_nothrow_move_constructible_v<T> &&
                                                          std::is_nothrow_swappable_v<T>) {
    a.held_.swap(b.held_);
  }

  // One exact overload for each partner: std::optional compares with everything that compares with
  // its value, and would otherwise take an Unset<std::optional<U>> for such a value.
  friend constexpr bool operator==(const Unset& a, const Unset& b)
    requires requires(const T& value) { value == value; }
  {
    return a.has_value() == b.has_value() && (!a.has_value() || static_cast<bool>(*a == *b));
  }
  friend constexpr bool operator==(const Unset& a, UnsetTag) noexcept { return !a.has_value(); }
  friend constexpr bool operator==(const Unset& a, const T& b)
    requires requires(const T& value) { value == value; }
  {
    return a.has_value() && static_cast<bool>(*a == b);
  }
  template <class U>
    requires(!std::same_as<U, T> && unset_detail::ValueFor<const U&, T> &&
             requires(const T& value, const U& other) { value == other; })
  friend constexpr bool operator==(const Unset& a, const U& b) {
    return a.has_value() && static_cast<bool>(*a == b);
  }

  friend constexpr auto operator<=>(const Unset& a, const Unset& b)
    requires std::three_way_comparable<T>
  {
    using Ordering = std::compare_three_way_result_t<T>;
    return a.has_value() && b.has_value() ? Ordering(*a <=> *b)
                                          : Ordering(a.has_value() <=> b.has_value());
  }

 private:
  std::optional<T> held_;
};

template <class T>
Unset(T) -> Unset<T>;

}  // namespace structwire

template <class T>
  requires std::is_default_constructible_v<std::hash<T>>
struct std::hash<structwire::Unset<T>> {
  std::size_t operator()(const structwire::Unset<T>& value) const
      noexcept(noexcept(std::hash<T>{}(*value))) {
    constexpr std::size_t of_absent = 0x5bd1e995;
    return value.has_value() ? std::hash<T>{}(*value) : of_absent;
  }
};
