// SPDX-License-Identifier: Apache-2.0
#pragma once

// Annotated<T, rules…>: a T whose type carries rules, for reuse and for places that are no members:
//
//   using NonNegative = sw::Annotated<std::int64_t, sw::ge(0)>;
//   std::vector<sw::Annotated<std::string, sw::max_length(64)>> names;
//
// It behaves like its T. For classes it is one, by inheritance, constructors and all. Numbers,
// enums, bool and final classes are held and convert to T& and const T&, which brings T's operators
// along. Rules are checked where values come in (decode, convert, validate), not when a program
// assigns.
//
// What the language keeps from a wrapper: designators stand in braces of their own,
// `Annotated<Point, …> p{{.x = 1}}`; in `c ? x : 5` one side is spelled out, `c ? plain(x) : 5`;
// and `std::optional<bool> copy(x)` of an annotated one asks whether x has a value: write `copy =
// x`. Two annotated optionals have no order, because the standard one compares itself with
// anything: write `plain(x) < plain(y)`.

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <structwire/core/rule_list.hpp>
#include <structwire/core/rule_place.hpp>

namespace structwire {

template <class T, auto... Rule>
class Annotated;

template <class A>
inline constexpr bool is_annotated = false;
template <class T, auto... Rule>
inline constexpr bool is_annotated<Annotated<T, Rule...>> = true;
template <class A>
concept AnnotatedType = is_annotated<A>;

namespace annotated_detail {

template <class A>
struct Parts {
  using Type = A;
  using List = RuleList<>;
};
template <class T, auto... Rule>
struct Parts<Annotated<T, Rule...>> {
  using Type = typename Parts<T>::Type;
  using List = JoinedRules<typename Parts<T>::List, FlatRules<RuleList<Rule...>>>;
};

template <class T>
concept Derivable = std::is_class_v<T> && !std::is_final_v<T>;

template <class U, class T>
concept DerivedFrom = std::is_base_of_v<T, std::remove_cvref_t<U>>;

template <class U, class T>
concept StrictlyDerivedFrom = DerivedFrom<U, T> && !std::same_as<std::remove_cvref_t<U>, T>;

// The T inside of a U, to copy or to move from as U says.
template <class U, class T>
using LikeIn =
    std::conditional_t<std::is_lvalue_reference_v<U> || std::is_const_v<U>, const T&, T&&>;

// Nothing but the class T: a copy of an Annotated<T> is not the making of a T from another object.
template <class T, class... Arguments>
inline constexpr bool is_copy = false;
template <class T, class U>
inline constexpr bool is_copy<T, U> = DerivedFrom<U, T>;

template <class T, class... Arguments>
concept MadeInBraces = std::is_aggregate_v<T> && sizeof...(Arguments) != 0 &&
                       !is_copy<T, Arguments...> && requires { T{std::declval<Arguments>()...}; };

}  // namespace annotated_detail

/// What is annotated: the T of Annotated<T, …>, through all layers; any other type itself.
template <class A>
using Plain = typename annotated_detail::Parts<A>::Type;
/// All rules of an annotated type as one RuleList, those of inner layers first; empty for any
/// other.
template <class A>
using annotation_rules = typename annotated_detail::Parts<A>::List;

/// What is annotated, in the same object.
template <AnnotatedType A>
constexpr Plain<A>& plain(A& value) noexcept {
  return static_cast<Plain<A>&>(value);
}
template <AnnotatedType A>
constexpr const Plain<A>& plain(const A& value) noexcept {
  return static_cast<const Plain<A>&>(value);
}

/// Of a class, by inheritance.
template <class T, auto... Rule>
  requires annotated_detail::Derivable<T>
class Annotated<T, Rule...> : public T {
  static_assert(RulesOfValue<FlatRules<RuleList<Rule...>>>,
                "structwire: an Annotated takes rules of values: a rule of members, such as a name, stands in the "
                "struct");

 public:
  // The names of parameters are none that a member of T could have: some compilers warn of that.
  using T::T;
  constexpr Annotated() = default;
  constexpr Annotated(const T& plain_value)
    requires std::is_copy_constructible_v<T>
      : T(plain_value) {}
  constexpr Annotated(T&& plain_value) noexcept(std::is_nothrow_move_constructible_v<T>)
    requires std::is_move_constructible_v<T>
      : T(std::move(plain_value)) {}
  /// From another annotation. Without it, constructors of T that take anything would take that,
  /// too.
  template <class Other>
    requires(annotated_detail::StrictlyDerivedFrom<Other, T> &&
             !annotated_detail::DerivedFrom<Other, Annotated>)
  constexpr Annotated(Other&& other_value) noexcept(
      std::is_nothrow_constructible_v<T, annotated_detail::LikeIn<Other, T>>)
      : T(static_cast<annotated_detail::LikeIn<Other, T>>(other_value)) {}
  /// The members of an aggregate.
  template <class... Members>
    requires annotated_detail::MadeInBraces<T, Members...>
  constexpr explicit(sizeof...(Members) == 1) Annotated(Members&&... member_values)
      : T{std::forward<Members>(member_values)...} {}

  template <class U>
    requires(!std::same_as<std::remove_cvref_t<U>, Annotated> && std::is_assignable_v<T&, U>)
  constexpr Annotated& operator=(U&& plain_value) {
    if constexpr (annotated_detail::DerivedFrom<U, T>) {
      static_cast<T&>(*this) = static_cast<annotated_detail::LikeIn<U, T>>(plain_value);
    } else {
      static_cast<T&>(*this) = std::forward<U>(plain_value);
    }
    return *this;
  }
};

/// Of what is no class, or a final one.
template <class T, auto... Rule>
  requires(!annotated_detail::Derivable<T>)
class Annotated<T, Rule...> {
  static_assert(std::is_object_v<T> && !std::is_const_v<T> && !std::is_array_v<T>,
                "structwire: Annotated is for values: no reference, no const, no array");
  static_assert(RulesOfValue<FlatRules<RuleList<Rule...>>>,
                "structwire: an Annotated takes rules of values: a rule of members, such as a name, stands in the "
                "struct");

 public:
  constexpr Annotated() = default;
  constexpr Annotated(const T& value)
    requires std::is_copy_constructible_v<T>
      : held_(value) {}
  constexpr Annotated(T&& value) noexcept(std::is_nothrow_move_constructible_v<T>)
      : held_(std::move(value)) {}
  /// From another annotation.
  template <AnnotatedType Other>
    requires(!std::same_as<Other, Annotated> && std::is_constructible_v<T, const Plain<Other>&>)
  constexpr explicit(!std::is_convertible_v<const Plain<Other>&, T>) Annotated(const Other& other)
      : held_(static_cast<T>(plain(other))) {}
  /// What a final class is made of.
  template <class... Arguments>
    requires(std::is_class_v<T> && sizeof...(Arguments) > 1 &&
             std::constructible_from<T, Arguments...>)
  constexpr explicit Annotated(Arguments&&... arguments)
      : held_(std::forward<Arguments>(arguments)...) {}

  constexpr operator T&() & noexcept { return held_; }
  constexpr operator const T&() const& noexcept { return held_; }
  constexpr operator T&&() && noexcept
    requires std::is_class_v<T>
  {
    return std::move(held_);
  }
  constexpr T* operator->() noexcept
    requires std::is_class_v<T>
  {
    return &held_;
  }
  constexpr const T* operator->() const noexcept
    requires std::is_class_v<T>
  {
    return &held_;
  }

  // The operators that change their left side never convert it. What T says of narrowing is said
  // here of a name instead of the caller's constant, so it is not said.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wfloat-conversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
  template <class U>
    requires requires(T& held, const U& other) { held += other; }
  constexpr Annotated& operator+=(const U& other) {
    held_ += other;
    return *this;
  }
  template <class U>
    requires requires(T& held, const U& other) { held -= other; }
  constexpr Annotated& operator-=(const U& other) {
    held_ -= other;
    return *this;
  }
  template <class U>
    requires requires(T& held, const U& other) { held *= other; }
  constexpr Annotated& operator*=(const U& other) {
    held_ *= other;
    return *this;
  }
  template <class U>
    requires requires(T& held, const U& other) { held /= other; }
  constexpr Annotated& operator/=(const U& other) {
    held_ /= other;
    return *this;
  }
  template <class U>
    requires requires(T& held, const U& other) { held %= other; }
  constexpr Annotated& operator%=(const U& other) {
    held_ %= other;
    return *this;
  }
  template <class U>
    requires requires(T& held, const U& other) { held &= other; }
  constexpr Annotated& operator&=(const U& other) {
    held_ &= other;
    return *this;
  }
  template <class U>
    requires requires(T& held, const U& other) { held |= other; }
  constexpr Annotated& operator|=(const U& other) {
    held_ |= other;
    return *this;
  }
  template <class U>
    requires requires(T& held, const U& other) { held ^= other; }
  constexpr Annotated& operator^=(const U& other) {
    held_ ^= other;
    return *this;
  }
  template <class U>
    requires requires(T& held, const U& other) { held <<= other; }
  constexpr Annotated& operator<<=(const U& other) {
    held_ <<= other;
    return *this;
  }
  template <class U>
    requires requires(T& held, const U& other) { held >>= other; }
  constexpr Annotated& operator>>=(const U& other) {
    held_ >>= other;
    return *this;
  }
#pragma GCC diagnostic pop

  constexpr Annotated& operator++()
    requires requires(T& held) { ++held; }
  {
    ++held_;
    return *this;
  }
  constexpr Annotated operator++(int)
    requires requires(T& held) { held++; }
  {
    Annotated before(*this);
    held_++;
    return before;
  }
  constexpr Annotated& operator--()
    requires requires(T& held) { --held; }
  {
    --held_;
    return *this;
  }
  constexpr Annotated operator--(int)
    requires requires(T& held) { held--; }
  {
    Annotated before(*this);
    held_--;
    return before;
  }

 private:
  T held_{};
};

/// Two annotated values of one plain type, whatever their rules. (Everything else compares as T
/// does.)
template <AnnotatedType A, AnnotatedType B>
  requires(std::same_as<Plain<A>, Plain<B>> && requires(const Plain<A>& value) { value == value; })
constexpr bool operator==(const A& a, const B& b) {
  return static_cast<bool>(plain(a) == plain(b));
}
template <AnnotatedType A, AnnotatedType B>
  requires(std::same_as<Plain<A>, Plain<B>> && std::three_way_comparable<Plain<A>>)
constexpr auto operator<=>(const A& a, const B& b) {
  return plain(a) <=> plain(b);
}

}  // namespace structwire

template <class T, auto... Rule>
  requires std::is_default_constructible_v<std::hash<T>>
struct std::hash<structwire::Annotated<T, Rule...>> {
  std::size_t operator()(const structwire::Annotated<T, Rule...>& value) const
      noexcept(noexcept(std::hash<T>{}(value))) {
    return std::hash<T>{}(value);
  }
};

// Structured bindings of an annotated tuple, pair or array.
template <class T, auto... Rule>
  requires requires { std::tuple_size<T>::value; }
struct std::tuple_size<structwire::Annotated<T, Rule...>> : std::tuple_size<T> {};
template <std::size_t I, class T, auto... Rule>
  requires requires { std::tuple_size<T>::value; }
struct std::tuple_element<I, structwire::Annotated<T, Rule...>> : std::tuple_element<I, T> {};
