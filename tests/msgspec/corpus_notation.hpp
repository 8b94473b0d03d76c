// SPDX-License-Identifier: Apache-2.0
#pragma once

// Values in the notation of the corpus: plain JSON, with `{"$kind": ...}` for what JSON cannot say.
// Made from the decoded C++ values member by member, so that it shows what an encoding might hide.

#include <chrono>
#include <complex>
#include <filesystem>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include <structwire/core/datetime.hpp>
#include <structwire/core/decimal.hpp>
#include <structwire/core/plan.hpp>
#include <structwire/core/reflect.hpp>
#include <structwire/core/time.hpp>
#include <structwire/core/types.hpp>
#include <structwire/core/uuid.hpp>
#include <structwire/core/value.hpp>

namespace structwire::testing::corpus {

// ---- leaves ----

/// {"$name": content}
Value tagged(std::string_view name, Value content);
Value notation_of(std::int64_t number);
Value notation_of(std::uint64_t number);
Value notation_of(double number);
Value notation_of(std::span<const std::byte> bytes);
Value notation_of(const DateTime& value);
Value notation_of(const TimeOfDay& value);
Value notation_of(std::chrono::year_month_day value);
Value notation_of(std::chrono::microseconds value);
Value notation_of(const Uuid& value);
Value notation_of(const Decimal& value);
Value notation_of(const Raw& value);
Value notation_of(const Ext& value);
Value notation_of(const std::filesystem::path& value);
Value notation_of(std::complex<double> value);
/// A timestamp is a datetime where no type says that it is an extension.
Value notation_of_dynamic(const Value& value);
/// An object when all keys are text without `$`, else {"$map": pairs}.
Value notation_of_map(std::vector<std::pair<Value, Value>> entries);

// ---- all types ----

template <class T>
Value notation(const T& value);

template <class T>
Value notation_of_enum(T value) {
  constexpr const auto& table = enum_values<T>;
  const std::string type(reflect::type_name<T>);
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    Value made;
    ((table.values[I] == value
          ? void(made = tagged(
                     "enum",
                     Value(type + '.' + std::string(reflect::enumerator_name<table.values[I]>))))
          : void()),
     ...);
    return made;
  }(std::make_index_sequence<table.values.size()>{});
}

template <class T>
Value notation_of_struct(const T& value) {
  constexpr std::string_view name = reflect::type_name<T>;
  // Python has a dict there, whose absent keys are absent.
  constexpr bool is_dict = name == "TD" || name == "TDReq";
  Value::Map members;
  if (!is_dict) members.push_back({Value("$struct"), Value(name)});
  for_each_member<Plan<T>>([&](auto i) {
    Value member = notation(Plan<T>::template get<i>(value));
    if (is_dict && member.find("$unset") != nullptr) return;
    members.push_back({Value(Plan<T>::members[i].declared_name), std::move(member)});
  });
  return Value(std::move(members));
}

template <class T>
Value notation_of_items(const T& items) {
  Value::Array made;
  for (const typename T::value_type& item : items)
    made.push_back(notation<typename T::value_type>(item));
  return Value(std::move(made));
}

template <class T>
Value notation_of_tuple(const T& value) {
  Value::Array made;
  std::apply([&](const auto&... item) { (made.push_back(notation(item)), ...); }, value);
  return Value(std::move(made));
}

template <class T>
Value notation(const T& value) {
  constexpr Shape shape = shape_of<T>;
  if constexpr (shape == Shape::annotated) {
    return notation(plain(value));
  } else if constexpr (shape == Shape::null) {
    return Value();
  } else if constexpr (shape == Shape::boolean || shape == Shape::text) {
    return Value(value);
  } else if constexpr (shape == Shape::bytes) {
    return notation_of(std::span<const std::byte>(value));
  } else if constexpr (shape == Shape::enumeration) {
    return notation_of_enum(value);
  } else if constexpr (shape == Shape::literal) {
    return value.visit([](const auto& constant) { return Value(constant); });
  } else if constexpr (shape == Shape::optional) {
    return value ? notation(*value) : Value();
  } else if constexpr (shape == Shape::unsettable) {
    return value ? notation(*value) : tagged("unset", Value(true));
  } else if constexpr (shape == Shape::box) {
    return notation(*value);
  } else if constexpr (shape == Shape::tuple) {
    return notation_of_tuple(value);
  } else if constexpr (shape == Shape::variant) {
    return std::visit([](const auto& held) { return notation(held); }, value);
  } else if constexpr (shape == Shape::map) {
    std::vector<std::pair<Value, Value>> entries;
    for (const auto& [key, mapped] : value) entries.emplace_back(notation(key), notation(mapped));
    return notation_of_map(std::move(entries));
  } else if constexpr (shape == Shape::set) {
    return tagged("set", notation_of_items(value));
  } else if constexpr (shape == Shape::array) {
    return notation_of_items(value);
  } else if constexpr (shape == Shape::value) {
    return notation_of_dynamic(value);
  } else if constexpr (shape == Shape::structure) {
    return notation_of_struct(value);
  } else {
    return notation_of(value);
  }
}

// ---- compared and read ----

/// The notation in one order: entries of maps and items of sets sorted, of equal keys the last one.
Value in_order(const Value& notation);
/// Whether two entries of one map have equal keys, which a dynamic value keeps and Python does not.
bool has_equal_keys(const Value& notation);
/// Whether a map is anywhere in it, whose order a C++ container may not keep.
bool has_map(const Value& notation);

/// A value of the notation as what comes closest in C++, and what Python has that a Value has not.
struct Plain {
  Value value;
  std::set<std::string> natives;  ///< As messages call them: `datetime`, `Fruit`.
  bool wide = false;              ///< Holds an integer beyond 64 bits.
};
/// Datetimes with an offset as the extension that MessagePack has for them, or as text like all the
/// others.
enum class Datetimes { as_extension, as_text };
Plain to_plain(const Value& notation, Datetimes datetimes = Datetimes::as_extension);

}  // namespace structwire::testing::corpus
