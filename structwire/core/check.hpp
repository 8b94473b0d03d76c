// SPDX-License-Identifier: Apache-2.0
#pragma once

// Does a decoded value keep its rules? One overload per rule; a rule on a type that it means nothing for is
// refused. Rules of an optional apply to the value inside.

#include <cmath>
#include <string>
#include <utility>

#include <structwire/core/bound_text.hpp>
#include <structwire/core/hook.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/pattern.hpp>
#include <structwire/core/rule_list.hpp>
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

// A limit that is given as text, for types with a text form of their own.
template <class Limit>
inline constexpr bool is_text_limit = false;
template <std::size_t Size>
inline constexpr bool is_text_limit<FixedText<Size>> = true;

/// The limit as a T; false for one that T does not hold, which no value keeps.
template <class T, class Limit>
bool parse_limit(const Limit& limit, T& out) {
  static_assert(TextScalarType<T>, "structwire: a bound that is text is for dates, durations and decimals");
  if constexpr (TextScalarType<T>) return TextScalar<T>::parse(limit.view(), out) == nullptr;
  return false;
}

/// Text bounds of a rule, seen while compiling.
template <class T, class Rule>
consteval bool has_readable_bounds([[maybe_unused]] const Rule& rule) {
  if constexpr (TextScalarType<T>) {
    if constexpr (requires { rule.limit.view(); }) return is_bound_text<T>(rule.limit.view());
    if constexpr (requires { rule.low.view(); }) return is_bound_text<T>(rule.low.view()) && is_bound_text<T>(rule.high.view());
  }
  return true;
}
template <class T, auto... Rule>
consteval bool has_readable_bounds(RuleList<Rule...>) {
  return (has_readable_bounds<T>(Rule) && ...);
}

template <class T, class Limit>
std::string text_condition(const char* comparison, const Limit& limit) {
  return "`" + std::string(name_of(TextScalar<T>::kind)) + "` " + comparison + " " + std::string(limit.view());
}

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
  } else if constexpr (IntegerType<A>) {
    return std::cmp_greater_equal(value, limit);
  } else {
    return false;  // limit_for refuses it.
  }
}
template <class A, class Limit>
constexpr bool at_most(A value, Limit limit) noexcept {
  if constexpr (FloatingType<A>) {
    return static_cast<double>(value) <= limit;
  } else if constexpr (IntegerType<A>) {
    return std::cmp_less_equal(value, limit);
  } else {
    return false;
  }
}

// `broken(text)` records the violation and returns false.
template <class T, class Limit, class Broken>
bool rule(rule::AtLeast<Limit> rule, const T& value, Broken&& broken) {
  if constexpr (is_text_limit<Limit>) {
    T limit{};
    return (parse_limit(rule.limit, limit) && value >= limit) || broken(text_condition<T>(">=", rule.limit));
  } else {
  const auto limit = limit_for<T>(rule.limit);
  return at_least(value, limit) || broken(condition(">=", limit));
  }
}
template <class T, class Limit, class Broken>
bool rule(rule::AtMost<Limit> rule, const T& value, Broken&& broken) {
  if constexpr (is_text_limit<Limit>) {
    T limit{};
    return (parse_limit(rule.limit, limit) && value <= limit) || broken(text_condition<T>("<=", rule.limit));
  } else {
  const auto limit = limit_for<T>(rule.limit);
  return at_most(value, limit) || broken(condition("<=", limit));
  }
}
template <class T, class Limit, class Broken>
bool rule(rule::Between<Limit> rule, const T& value, Broken&& broken) {
  return check::rule(rule::AtLeast<Limit>{rule.low}, value, broken) &&
         check::rule(rule::AtMost<Limit>{rule.high}, value, broken);
}
// As msgspec has it: for integers `> 0` is `>= 1`, and the message says so.
template <class T, class Limit, class Broken>
bool rule(rule::Above<Limit> rule, const T& value, Broken&& broken) {
  if constexpr (is_text_limit<Limit>) {
    T limit{};
    return (parse_limit(rule.limit, limit) && value > limit) || broken(text_condition<T>(">", rule.limit));
  } else {
  const auto limit = limit_for<T>(rule.limit);
  if constexpr (FloatingType<T>) {
    return static_cast<double>(value) > limit || broken(condition(">", limit));
  } else {
    return check::rule(rule::AtLeast<std::int64_t>{limit + 1}, value, broken);
  }
  }
}
template <class T, class Limit, class Broken>
bool rule(rule::Below<Limit> rule, const T& value, Broken&& broken) {
  if constexpr (is_text_limit<Limit>) {
    T limit{};
    return (parse_limit(rule.limit, limit) && value < limit) || broken(text_condition<T>("<", rule.limit));
  } else {
  const auto limit = limit_for<T>(rule.limit);
  if constexpr (FloatingType<T>) {
    return static_cast<double>(value) < limit || broken(condition("<", limit));
  } else {
    return check::rule(rule::AtMost<std::int64_t>{limit - 1}, value, broken);
  }
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
    static_assert(ArrayType<T> || SetType<T>, "structwire: lengths are of text, bytes, arrays, sets and maps");
    return "`array`";
  }
}
template <class T>
std::size_t length_of(const T& value) noexcept {
  if constexpr (TextType<T>) {
    return utf8::code_points(value);
  } else if constexpr (requires { value.size(); }) {
    return value.size();
  } else {
    static_cast<void>(length_kind<T>());  // Refuses.
    return 0;
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

template <class T, class Divisor, class Broken>
bool rule(rule::MultipleOf<Divisor> rule, const T& value, Broken&& broken) {
  const auto divisor = limit_for<T>(rule.divisor);
  bool holds = false;
  if constexpr (FloatingType<T>) {
    holds = std::fmod(static_cast<double>(value), divisor) == 0;
  } else if constexpr (std::is_signed_v<T>) {
    holds = static_cast<std::int64_t>(value) % divisor == 0;
  } else {
    holds = static_cast<std::uint64_t>(value) % static_cast<std::uint64_t>(divisor) == 0;
  }
  const char* kind = FloatingType<T> ? "`float`" : "`int`";
  return holds || broken(std::string(kind) + " that's a multiple of " + number_text(divisor));
}

template <FixedText Text, class T, class Broken>
bool rule(rule::Pattern<Text>, const T& value, Broken&& broken) {
  static_assert(TextType<T>, "structwire: patterns are for text");
  return pattern_matching::search(compiled_pattern<Text>, value) ||
         broken("`str` matching regex '" + std::string(Text.view()) + "'");
}

template <class T>
bool is_aware(const T& value) noexcept {
  if constexpr (requires { value.is_aware(); }) {
    return value.is_aware();
  } else {
    static_assert(always_false<T>, "structwire: aware and naive are for DateTime and TimeOfDay");
    return false;
  }
}
template <class T>
std::string zone_condition(const char* how) {
  return "`" + std::string(name_of(TextScalar<T>::kind)) + "` " + how + " timezone component";
}
template <class T, class Broken>
bool rule(rule::Aware, const T& value, Broken&& broken) {
  return check::is_aware(value) || broken(zone_condition<T>("with a"));
}
template <class T, class Broken>
bool rule(rule::Naive, const T& value, Broken&& broken) {
  return !check::is_aware(value) || broken(zone_condition<T>("with no"));
}

template <class Rule>
inline constexpr bool is_pattern = false;
template <FixedText Text>
inline constexpr bool is_pattern<rule::Pattern<Text>> = true;

template <class Rule>
inline constexpr bool constrains =
    requires(Rule rule) { rule.limit; } || requires(Rule rule) { rule.low; } || requires(Rule rule) { rule.length; } ||
    requires(Rule rule) { rule.divisor; } || is_pattern<Rule> || std::is_same_v<Rule, rule::Aware> ||
    std::is_same_v<Rule, rule::Naive>;

template <class Rule>
inline constexpr bool validates = false;
template <auto Function>
inline constexpr bool validates<rule::ValidatedBy<Function>> = true;

template <auto Function, class T>
hook::Refusal ask(rule::ValidatedBy<Function>, const T& value) {
  static_assert(std::is_invocable_v<decltype(Function), const T&>,
                "structwire: validated_by takes a function that can be called with the const value");
  return hook::validate<Function>(value);
}

/// True when any rule of the list constrains values.
template <class List>
inline constexpr bool has_constraints = [] {
  bool any = false;
  List::visit([&]<class Rule>(const Rule&) { any = any || constrains<Rule> || validates<Rule>; });
  return any;
}();

/// Those of the list that say how a value stands on the wire, without those that it is checked against.
template <class List>
struct WithoutChecks;
template <auto... Rule>
struct WithoutChecks<RuleList<Rule...>> {
  using type = JoinedRules<
      std::conditional_t<has_constraints<RuleList<Rule>>, RuleList<>, RuleList<Rule>>...>;
};

/// Checks `value` against every rule of the list, in their order. For the first that does not hold, calls
/// `broken(text)` with the condition, or `refused(text)` with the sentence of a validator.
template <class List, class T, class Broken, class Refused>
bool rules(const T& value, Broken&& broken, Refused&& refused) {
  if constexpr (OptionalType<T> || UnsetType<T>) {
    return !value || check::rules<List>(*value, broken, refused);
  } else if constexpr (BoxType<T>) {
    return check::rules<List>(*value, broken, refused);
  } else if constexpr (AnnotatedType<T>) {
    return check::rules<List>(plain(value), broken, refused);
  } else {
    static_assert(has_readable_bounds<T>(List{}),
                  "structwire: a bound that is text is written as a value of its member, `2020-01-31` for a date");
    bool holds = true;
    List::visit([&]<class Rule>(const Rule& each) {
      if constexpr (constrains<Rule>) {
        holds = holds && check::rule(each, value, broken);
      } else if constexpr (validates<Rule>) {
        if (!holds) return;
        if (auto refusal = check::ask(each, value)) holds = refused(std::move(*refusal));
      }
    });
    return holds;
  }
}

}  // namespace structwire::check
