// SPDX-License-Identifier: Apache-2.0
#pragma once

// Does a decoded value keep the rules of its member? One overload per rule; a rule on a type that it means
// nothing for is refused. A rule on an optional member applies to the value inside.

#include <string>
#include <utility>

#include <structwire/core/number.hpp>
#include <structwire/core/rules.hpp>
#include <structwire/core/types.hpp>
#include <structwire/core/utf8.hpp>

namespace structwire::check {

template <class Number>
std::string condition(const char* comparison, Number limit) {
  const char* kind = std::is_floating_point_v<Number> ? "`float` " : "`int` ";
  return std::string(kind) + comparison + " " + number_text(limit);
}

std::string length_condition(const char* kind, const char* comparison, std::size_t length);

// The limit in the member's own kind, so that messages say `int` for integers and `float` for floats.
template <class T, class Limit>
constexpr auto limit_for(Limit limit) noexcept {
  if constexpr (FloatingType<T>) {
    return static_cast<double>(limit);
  } else {
    static_assert(IntegerType<T>, "structwire: bounds are for numbers; use min_length and max_length for lengths");
    static_assert(std::is_same_v<Limit, std::int64_t>, "structwire: an integer member takes integer bounds");
    return limit;
  }
}

template <class A, class Limit>
constexpr bool at_least(A value, Limit limit) noexcept {
  if constexpr (FloatingType<A>) {
    return static_cast<double>(value) >= limit;
  } else {
    return std::cmp_greater_equal(value, limit);
  }
}
template <class A, class Limit>
constexpr bool at_most(A value, Limit limit) noexcept {
  if constexpr (FloatingType<A>) {
    return static_cast<double>(value) <= limit;
  } else {
    return std::cmp_less_equal(value, limit);
  }
}

// `broken(text)` records the violation and returns false.
template <class T, class Limit, class Broken>
bool rule(rule::AtLeast<Limit> rule, const T& value, Broken&& broken) {
  const auto limit = limit_for<T>(rule.limit);
  return at_least(value, limit) || broken(condition(">=", limit));
}
template <class T, class Limit, class Broken>
bool rule(rule::AtMost<Limit> rule, const T& value, Broken&& broken) {
  const auto limit = limit_for<T>(rule.limit);
  return at_most(value, limit) || broken(condition("<=", limit));
}
template <class T, class Limit, class Broken>
bool rule(rule::Between<Limit> rule, const T& value, Broken&& broken) {
  return check::rule(rule::AtLeast<Limit>{rule.low}, value, broken) &&
         check::rule(rule::AtMost<Limit>{rule.high}, value, broken);
}
// As msgspec has it: for integers `> 0` is `>= 1`, and the message says so.
template <class T, class Limit, class Broken>
bool rule(rule::Above<Limit> rule, const T& value, Broken&& broken) {
  const auto limit = limit_for<T>(rule.limit);
  if constexpr (FloatingType<T>) {
    return static_cast<double>(value) > limit || broken(condition(">", limit));
  } else {
    return check::rule(rule::AtLeast<std::int64_t>{limit + 1}, value, broken);
  }
}
template <class T, class Limit, class Broken>
bool rule(rule::Below<Limit> rule, const T& value, Broken&& broken) {
  const auto limit = limit_for<T>(rule.limit);
  if constexpr (FloatingType<T>) {
    return static_cast<double>(value) < limit || broken(condition("<", limit));
  } else {
    return check::rule(rule::AtMost<std::int64_t>{limit - 1}, value, broken);
  }
}

template <class T>
constexpr const char* length_kind() noexcept {
  if constexpr (TextType<T>) {
    return "`str`";
  } else if constexpr (BytesType<T>) {
    return "`bytes`";
  } else if constexpr (MapType<T>) {
    return "`object`";
  } else {
    static_assert(ArrayType<T>, "structwire: lengths are of text, bytes, arrays and maps");
    return "`array`";
  }
}
template <class T>
std::size_t length_of(const T& value) noexcept {
  if constexpr (TextType<T>) {
    return utf8::code_points(value);
  } else {
    return value.size();
  }
}
template <class T, class Broken>
bool rule(rule::MinLength rule, const T& value, Broken&& broken) {
  return length_of(value) >= rule.length || broken(length_condition(length_kind<T>(), ">=", rule.length));
}
template <class T, class Broken>
bool rule(rule::MaxLength rule, const T& value, Broken&& broken) {
  return length_of(value) <= rule.length || broken(length_condition(length_kind<T>(), "<=", rule.length));
}

template <class Rule>
inline constexpr bool constrains = requires(Rule rule) { rule.limit; } || requires(Rule rule) { rule.low; } ||
                                   requires(Rule rule) { rule.length; };

/// True when any rule of the member constrains values.
template <class P, std::size_t I>
inline constexpr bool has_constraints = [] {
  bool any = false;
  P::template visit_rules<I>([&]<class Rule>(Rule) { any = any || constrains<Rule>; });
  return any;
}();

/// Checks `value` against every rule of member I; `broken(text)` is called for the first that does not hold.
template <class P, std::size_t I, class M, class Broken>
bool member(const M& value, Broken&& broken) {
  if constexpr (OptionalType<M>) {
    return !value || check::member<P, I>(*value, broken);
  } else {
    bool holds = true;
    P::template visit_rules<I>([&]<class Rule>(Rule each) {
      if constexpr (constrains<Rule>) holds = holds && check::rule(each, value, broken);
    });
    return holds;
  }
}

}  // namespace structwire::check
