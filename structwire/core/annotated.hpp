// SPDX-License-Identifier: Apache-2.0
#pragma once

// Annotated<T, rules…>: a T whose type carries rules, for reuse and for places that are no members:
//
//   using NonNegative = sw::Annotated<std::int64_t, sw::ge(0)>;
//   std::vector<sw::Annotated<std::string, sw::max_length(64)>> names;
//
// It behaves like its T. For classes it is one, by inheritance, constructors and all; numbers, enums, bool and
// pointers are held, and convert to T& and const T&, which brings T's operators along. Rules are checked where
// values come in (decode, convert, validate), not when a program assigns.

#include <compare>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <type_traits>
#include <utility>

#include <structwire/core/rule_list.hpp>

namespace structwire {

template <class T, auto... Rule>
class Annotated;

namespace annotated_detail {

template <class T>
inline constexpr bool derivable = std::is_class_v<T> && !std::is_final_v<T>;

/// What is held when T cannot be a base class.
template <class T>
class Holder {
 public:
  constexpr Holder() noexcept(std::is_nothrow_default_constructible_v<T>) = default;
  constexpr Holder(T value) noexcept(std::is_nothrow_move_constructible_v<T>) : held_(std::move(value)) {}

  constexpr operator T&() & noexcept { return held_; }
  constexpr operator const T&() const& noexcept { return held_; }
  constexpr operator T&&() && noexcept { return std::move(held_); }

  constexpr T& annotated_value() noexcept { return held_; }
  constexpr const T& annotated_value() const noexcept { return held_; }

 private:
  T held_{};
};

}  // namespace annotated_detail

template <class T, auto... Rule>
  requires(!annotated_detail::derivable<T>)
class Annotated<T, Rule...> : public annotated_detail::Holder<T> {
 public:
  using annotated_detail::Holder<T>::Holder;

  constexpr Annotated& operator=(T value) {
    this->annotated_value() = std::move(value);
    return *this;
  }
};

template <class T, auto... Rule>
  requires(annotated_detail::derivable<T>)
class Annotated<T, Rule...> : public T {
 public:
  constexpr Annotated() = default;
  constexpr Annotated(const T& value)
    requires std::copy_constructible<T>
      : T(value) {}
  constexpr Annotated(T&& value) noexcept(std::is_nothrow_move_constructible_v<T>) : T(std::move(value)) {}
  using T::T;

  constexpr Annotated& operator=(const T& value)
    requires std::is_copy_assignable_v<T>
  {
    T::operator=(value);
    return *this;
  }
  constexpr Annotated& operator=(T&& value) {
    T::operator=(std::move(value));
    return *this;
  }
  template <class Item>
    requires std::is_assignable_v<T&, std::initializer_list<Item>>
  constexpr Annotated& operator=(std::initializer_list<Item> items) {
    static_cast<T&>(*this) = items;
    return *this;
  }
  template <class U>
    requires(std::is_assignable_v<T&, U> && !std::is_base_of_v<T, std::remove_cvref_t<U>>)
  constexpr Annotated& operator=(U&& value) {
    static_cast<T&>(*this) = std::forward<U>(value);
    return *this;
  }
};

template <class A>
inline constexpr bool is_annotated = false;
template <class T, auto... Rule>
inline constexpr bool is_annotated<Annotated<T, Rule...>> = true;
template <class A>
concept AnnotatedType = is_annotated<A>;

namespace annotated_detail {
template <class A>
struct Parts;
template <class T, auto... Rule>
struct Parts<Annotated<T, Rule...>> {
  using Type = T;
  using List = FlatRules<Rules<Rule...>>;
};
}  // namespace annotated_detail

/// The T of an Annotated<T, …>.
template <AnnotatedType A>
using Plain = typename annotated_detail::Parts<A>::Type;
/// Its rules as a RuleList.
template <AnnotatedType A>
using annotation_rules = typename annotated_detail::Parts<A>::List;

/// The T itself.
template <AnnotatedType A>
constexpr Plain<A>& plain(A& value) noexcept {
  if constexpr (annotated_detail::derivable<Plain<A>>) {
    return value;
  } else {
    return value.annotated_value();
  }
}
template <AnnotatedType A>
constexpr const Plain<A>& plain(const A& value) noexcept {
  if constexpr (annotated_detail::derivable<Plain<A>>) {
    return value;
  } else {
    return value.annotated_value();
  }
}

}  // namespace structwire

template <class T, auto... Rule>
  requires requires(const T& value) { std::hash<T>{}(value); }
struct std::hash<structwire::Annotated<T, Rule...>> {
  std::size_t operator()(const structwire::Annotated<T, Rule...>& value) const {
    return std::hash<T>{}(structwire::plain(value));
  }
};
