// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/reader/schema_plan.hpp>

#include <algorithm>
#include <compare>

#include <structwire/contract/reader/schema_scalars.hpp>
#include <structwire/core/enum_table.hpp>

namespace structwire::contract::schema_reading {
namespace {

KindSet kinds_with_text() {
  KindSet kinds;
  for (const Kind each :
       {Kind::datetime, Kind::date, Kind::time, Kind::duration, Kind::uuid, Kind::decimal}) {
    kinds.insert(each);
  }
  return kinds;
}

// How well an alternative suits a kind: 3 exactly, 2 or 1 by a conversion that is always made, 0 not at all.
int suits(const Type& type, Kind kind) noexcept {
  if (type.kind == TypeKind::any || type.kind == TypeKind::raw) return 1;
  if (type.kind == TypeKind::unknown) return 0;
  const KindSet own = type.kinds;
  if (own.contains(kind)) return 3;
  if (own.contains(Kind::floating) && kind == Kind::integer) return 2;
  if (own.contains(Kind::decimal) && (kind == Kind::integer || kind == Kind::floating)) return 1;
  if (own.contains(Kind::datetime) && kind == Kind::ext) return 1;
  if (own.contains(Kind::uuid) && kind == Kind::bytes) return 1;
  return kind == Kind::text && own.overlaps(kinds_with_text()) ? 3 : 0;
}

}  // namespace

std::size_t Type::alternative_for(Kind found, bool bytes_are_text) const noexcept {
  std::size_t best = none;
  int best_suit = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    int suit = suits(parts[i], found);
    if (found == Kind::text && bytes_are_text && parts[i].kinds.contains(Kind::bytes)) suit = std::max(suit, 2);
    if (suit <= best_suit) continue;
    best = i;
    best_suit = suit;
  }
  return best;
}

std::size_t Type::alternative_of(Kind named) const noexcept {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].kinds != KindSet::any() && parts[i].kinds.contains(named)) return i;
  }
  return none;
}

std::size_t Type::alternative_of(const Tag& tag) const noexcept {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].structure != nullptr && parts[i].structure->tag == tag) return i;
  }
  return none;
}

bool Type::lists(const Value& constant) const noexcept {
  return std::ranges::find(schema->constants, constant) != schema->constants.end();
}

bool Type::is_text_key() const noexcept {
  if (kind == TypeKind::any) return true;
  KindSet refused;
  for (const Kind each : {Kind::array, Kind::object, Kind::ext, Kind::null, Kind::boolean}) refused.insert(each);
  return !kinds.overlaps(refused);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), enum_detail::lower);
  return lower;
}

std::size_t EnumPlan::position(std::string_view name) const {
  if (const auto found = names.find(name); found != names.end()) return found->second;
  const auto found = schema->ignore_case ? lower_names.find(lower_case(name)) : lower_names.end();
  return found == lower_names.end() ? fallback : found->second;
}

std::size_t EnumPlan::position(std::int64_t number) const noexcept {
  const auto found = numbers.find(number);
  return found == numbers.end() ? fallback : found->second;
}

std::size_t bytes_of(const Value& value) noexcept {
  std::size_t bytes = sizeof(Value);
  if (const auto* text = value.get_if<std::string>()) bytes += text->size();
  if (const auto* held = value.get_if<Bytes>()) bytes += held->size();
  if (const auto* ext = value.get_if<Ext>()) bytes += ext->data.size();
  if (const auto* items = value.get_if<Value::Array>()) {
    for (const Value& item : *items) bytes += bytes_of(item);
  }
  if (const auto* entries = value.get_if<Value::Map>()) {
    for (const auto& [key, mapped] : *entries) bytes += bytes_of(key) + bytes_of(mapped);
  }
  return bytes;
}

namespace {

// What two texts stand for, compared; nothing where one is no text of the type.
std::optional<std::weak_ordering> order_of_scalars(const Type& type, const Value& a, const Value& b) {
  const auto* left = a.get_if<std::string>();
  const auto* right = b.get_if<std::string>();
  if (left == nullptr || right == nullptr) return std::nullopt;
  return with_text_scalar(*type.schema, [&]<class T>(T first) -> std::optional<std::weak_ordering> {
    T second = first;
    if (TextScalar<T>::parse(*left, first) != nullptr || TextScalar<T>::parse(*right, second) != nullptr) {
      return std::nullopt;
    }
    return std::weak_ordering(first <=> second);
  });
}

const Type& part_of(const Type& type, std::size_t i) noexcept {
  return type.parts[type.kind == TypeKind::tuple ? i : 0];
}

std::size_t place_of(const EnumPlan& plan, const Value& value) noexcept {
  std::size_t i = 0;
  while (i < plan.size() && plan.schema->values[i].value != value) ++i;
  return i;
}

}  // namespace

std::weak_ordering order(const Type& type, const Value& a, const Value& b) {
  if (is_text_scalar(type.kind)) {
    if (const auto order = order_of_scalars(type, a, b)) return *order;
  } else if (type.kind == TypeKind::optional && !a.is_null() && !b.is_null()) {
    return order(type.parts.front(), a, b);
  } else if (type.kind == TypeKind::enumeration) {
    return place_of(*type.enumeration, a) <=> place_of(*type.enumeration, b);
  } else if (type.kind == TypeKind::array || type.kind == TypeKind::set || type.kind == TypeKind::tuple) {
    const auto* left = a.get_if<Value::Array>();
    const auto* right = b.get_if<Value::Array>();
    for (std::size_t i = 0; left && right && i < left->size() && i < right->size(); ++i) {
      const auto item = order(part_of(type, i), (*left)[i], (*right)[i]);
      if (item != 0) return item;
    }
    if (left && right) return left->size() <=> right->size();
  }
  return a <=> b;
}

bool is_same(const Type& type, const Value& a, const Value& b) {
  if (is_text_scalar(type.kind)) {
    if (const auto order = order_of_scalars(type, a, b)) return *order == 0;
  } else if (type.kind == TypeKind::optional && !a.is_null() && !b.is_null()) {
    return is_same(type.parts.front(), a, b);
  } else if (type.kind == TypeKind::floating) {
    const auto* left = a.get_if<double>();
    const auto* right = b.get_if<double>();
    if (left && right && *left == *right) return __builtin_signbit(*left) == __builtin_signbit(*right);
  } else if (type.kind == TypeKind::array || type.kind == TypeKind::set || type.kind == TypeKind::tuple) {
    const auto* left = a.get_if<Value::Array>();
    const auto* right = b.get_if<Value::Array>();
    if (left == nullptr || right == nullptr) return a == b;
    if (left->size() != right->size()) return false;
    for (std::size_t i = 0; i < left->size(); ++i) {
      if (!is_same(part_of(type, i), (*left)[i], (*right)[i])) return false;
    }
    return true;
  } else if (type.kind == TypeKind::map) {
    const auto* left = a.get_if<Value::Map>();
    const auto* right = b.get_if<Value::Map>();
    if (left == nullptr || right == nullptr) return a == b;
    // Both in the order of their keys.
    return std::ranges::equal(*left, *right, [&](const Value::Entry& x, const Value::Entry& y) {
      return is_same(type.parts[0], x.key, y.key) && is_same(type.parts[1], x.value, y.value);
    });
  }
  return a == b;
}

}  // namespace structwire::contract::schema_reading
