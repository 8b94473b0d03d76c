// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/schema_check.hpp>

#include <cmath>
#include <limits>
#include <utility>

#include <structwire/contract/reader/schema_scalars.hpp>
#include <structwire/core/check.hpp>
#include <structwire/core/utf8.hpp>

namespace structwire::contract::schema_reading {
namespace {

using Broken = std::optional<std::string>;

std::int64_t integer_limit(const Value& limit) noexcept { return *limit.get_if<std::int64_t>(); }
double float_limit(const Value& limit) noexcept {
  const auto* integer = limit.get_if<std::int64_t>();
  return integer != nullptr ? static_cast<double>(*integer) : *limit.get_if<double>();
}

// As msgspec has it, for integers `> 0` is `>= 1`, and the message says so.
template <class Integer>
Broken broken_by(const TypeSchema& type, Integer value) {
  const auto below = [&](std::int64_t limit) { return std::cmp_less(value, limit); };
  const auto above = [&](std::int64_t limit) { return std::cmp_greater(value, limit); };
  if (type.ge && below(integer_limit(*type.ge))) return check::condition(">=", integer_limit(*type.ge));
  if (type.gt && below(integer_limit(*type.gt) + 1)) return check::condition(">=", integer_limit(*type.gt) + 1);
  if (type.le && above(integer_limit(*type.le))) return check::condition("<=", integer_limit(*type.le));
  if (type.lt && above(integer_limit(*type.lt) - 1)) return check::condition("<=", integer_limit(*type.lt) - 1);
  if (!type.multiple_of) return std::nullopt;
  const std::int64_t divisor = integer_limit(*type.multiple_of);
  if (value % static_cast<Integer>(divisor) == 0) return std::nullopt;
  return "`int` that's a multiple of " + number_text(divisor);
}

Broken broken_by(const TypeSchema& type, double value) {
  const auto ask = [](bool keeps, const char* comparison, double limit) -> Broken {
    return keeps ? Broken() : check::condition(comparison, limit);
  };
  Broken broken;
  if (type.ge) broken = ask(value >= float_limit(*type.ge), ">=", float_limit(*type.ge));
  if (!broken && type.gt) broken = ask(value > float_limit(*type.gt), ">", float_limit(*type.gt));
  if (!broken && type.le) broken = ask(value <= float_limit(*type.le), "<=", float_limit(*type.le));
  if (!broken && type.lt) broken = ask(value < float_limit(*type.lt), "<", float_limit(*type.lt));
  if (broken || !type.multiple_of) return broken;
  const double divisor = float_limit(*type.multiple_of);
  if (std::fmod(value, divisor) == 0) return std::nullopt;
  return "`float` that's a multiple of " + number_text(divisor);
}

// A limit that the type does not hold is kept by no value.
template <class T>
Broken broken_by_scalar(const TypeSchema& type, const T& value) {
  Broken broken;
  const auto ask = [&](const std::optional<Value>& limit, const char* comparison, auto keeps) {
    if (broken || !limit) return;
    const std::string& text = *limit->template get_if<std::string>();
    T read = value;
    if (TextScalar<T>::parse(text, read) == nullptr && keeps(value <=> read)) return;
    broken = "`" + std::string(name_of(TextScalar<T>::kind)) + "` " + comparison + " " + text;
  };
  ask(type.ge, ">=", [](auto order) { return order >= 0; });
  ask(type.gt, ">", [](auto order) { return order > 0; });
  ask(type.le, "<=", [](auto order) { return order <= 0; });
  ask(type.lt, "<", [](auto order) { return order < 0; });
  if constexpr (requires { value.is_aware(); }) {
    if (!broken && type.zoned && *type.zoned != value.is_aware()) {
      broken = check::zone_condition<T>(*type.zoned ? "with a" : "with no");
    }
  }
  return broken;
}

Broken broken_by_length(const TypeSchema& type, const char* kind, std::size_t length) {
  if (type.min_length && length < *type.min_length) return check::length_condition(kind, ">=", *type.min_length);
  if (type.max_length && length > *type.max_length) return check::length_condition(kind, "<=", *type.max_length);
  return std::nullopt;
}

Broken broken_by_text(const Type& type, const std::string& text) {
  if (auto broken = broken_by_length(*type.schema, "`str`", utf8::code_points(text))) return broken;
  if (!type.pattern || pattern_matching::search(type.pattern->view(), text)) return std::nullopt;
  return "`str` matching regex '" + *type.schema->pattern + "'";
}

}  // namespace

Broken broken_rule(const Type& type, const Value& value) {
  const TypeSchema& schema = *type.schema;
  if (is_text_scalar(type.kind)) {
    return with_text_scalar(schema, [&]<class T>(T scalar) -> Broken {
      const auto* text = value.get_if<std::string>();
      if (text == nullptr || TextScalar<T>::parse(*text, scalar) != nullptr) return std::nullopt;
      return broken_by_scalar(schema, scalar);
    });
  }
  if (const auto* number = value.get_if<std::int64_t>()) return broken_by(schema, *number);
  if (const auto* number = value.get_if<std::uint64_t>()) return broken_by(schema, *number);
  if (const auto* number = value.get_if<double>()) return broken_by(schema, *number);
  if (const auto* text = value.get_if<std::string>()) return broken_by_text(type, *text);
  if (const auto* bytes = value.get_if<Bytes>()) return broken_by_length(schema, "`bytes`", bytes->size());
  if (const auto* items = value.get_if<Value::Array>()) return broken_by_length(schema, "`array`", items->size());
  if (const auto* entries = value.get_if<Value::Map>()) return broken_by_length(schema, "`object`", entries->size());
  return std::nullopt;
}

Broken bound_beyond(const TypeSchema& type, bool is_negative) {
  if (is_negative) {
    // What the type's smallest value keeps says nothing of one below it.
    const auto fits = [&](std::int64_t limit) {
      return limit >= (type.is_unsigned ? 0 : std::numeric_limits<std::int64_t>::min() >> (64 - type.bits));
    };
    if (type.ge && fits(integer_limit(*type.ge))) return check::condition(">=", integer_limit(*type.ge));
    if (type.gt && fits(integer_limit(*type.gt) + 1)) return check::condition(">=", integer_limit(*type.gt) + 1);
    return std::nullopt;
  }
  const auto fits = [&](std::int64_t limit) {
    const std::uint64_t max = ~std::uint64_t{0} >> (64 - type.bits + (type.is_unsigned ? 0 : 1));
    return std::cmp_less_equal(limit, max);
  };
  if (type.le && fits(integer_limit(*type.le))) return check::condition("<=", integer_limit(*type.le));
  if (type.lt && fits(integer_limit(*type.lt) - 1)) return check::condition("<=", integer_limit(*type.lt) - 1);
  return std::nullopt;
}

}  // namespace structwire::contract::schema_reading
