// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/value.hpp>

#include <algorithm>
#include <limits>
#include <tuple>
#include <vector>

namespace structwire {

Value::Value() noexcept = default;
Value::Value(std::nullptr_t) noexcept {}
Value::Value(bool value) noexcept : held_(value) {}
Value::Value(std::int64_t value) noexcept : held_(value) {}
Value::Value(std::uint64_t value) noexcept {
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    held_ = static_cast<std::int64_t>(value);
  } else {
    held_ = value;
  }
}
Value::Value(int value) noexcept : held_(std::int64_t{value}) {}
Value::Value(double value) noexcept : held_(value) {}
Value::Value(std::string value) noexcept : held_(std::move(value)) {}
Value::Value(std::string_view value) : held_(std::string(value)) {}
Value::Value(const char* value) : held_(std::string(value)) {}
Value::Value(Bytes value) noexcept : held_(std::move(value)) {}
Value::Value(Array value) noexcept : held_(std::move(value)) {}
Value::Value(Map value) noexcept : held_(std::move(value)) {}
Value::Value(Ext value) noexcept : held_(std::move(value)) {}
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

const Value* Value::find(std::string_view key) const noexcept {
  const Map* map = get_if<Map>();
  if (map == nullptr) return nullptr;
  for (const Entry& entry : *map) {
    const auto* text = entry.key.get_if<std::string>();
    if (text != nullptr && *text == key) return &entry.value;
  }
  return nullptr;
}

namespace {

using Entries = std::vector<const Value::Entry*>;

// By key; entries with the same key keep their order.
Entries sorted(const Value::Map& map) {
  Entries entries;
  entries.reserve(map.size());
  for (const Value::Entry& entry : map) entries.push_back(&entry);
  std::ranges::stable_sort(entries, [](const auto* a, const auto* b) { return a->key < b->key; });
  return entries;
}

// Maps usually keep their order, which is tried first. No two values are asked twice whether they are equal,
// nor here or below which one is less: that would double the work with each level of a deep value.
bool same_map(const Value::Map& a, const Value::Map& b) {
  if (a.size() != b.size()) return false;
  const auto same_keys = [](const auto& x, const auto& y) { return x.key == y.key; };
  if (std::ranges::equal(a, b, same_keys)) {
    return std::ranges::equal(a, b, {}, &Value::Entry::value, &Value::Entry::value);
  }
  const auto same_entries = [](const auto* x, const auto* y) {
    return (x->key <=> y->key) == 0 && x->value == y->value;
  };
  return std::ranges::equal(sorted(a), sorted(b), same_entries);
}

bool same_double(double a, double b) noexcept { return a == b || (a != a && b != b); }

}  // namespace

bool operator==(const Value& a, const Value& b) {
  if (const auto* map = a.get_if<Value::Map>()) {
    const auto* other = b.get_if<Value::Map>();
    return other != nullptr && same_map(*map, *other);
  }
  if (const auto* number = a.get_if<double>()) {
    const auto* other = b.get_if<double>();
    return other != nullptr && same_double(*number, *other);
  }
  return a.held_ == b.held_;
}

namespace {

// NaN behind every number, so that the order is total.
std::weak_ordering order_of(double a, double b) noexcept {
  if (a < b) return std::weak_ordering::less;
  if (a > b) return std::weak_ordering::greater;
  return (a != a) <=> (b != b);
}

std::weak_ordering order_of(const Value::Array& a, const Value::Array& b) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
}

// Equal maps in whatever order are neither before the other.
std::weak_ordering order_of(const Value::Map& a, const Value::Map& b) {
  const auto left = sorted(a);
  const auto right = sorted(b);
  return std::lexicographical_compare_three_way(
      left.begin(), left.end(), right.begin(), right.end(), [](const auto* x, const auto* y) {
        const std::weak_ordering order = x->key <=> y->key;
        return order != 0 ? order : x->value <=> y->value;
      });
}

std::weak_ordering order_of(const Ext& a, const Ext& b) noexcept {
  return std::tie(a.code, a.data) <=> std::tie(b.code, b.data);
}

template <class T>
std::weak_ordering order_of(const T& a, const T& b) noexcept {
  return a <=> b;
}

}  // namespace

std::weak_ordering operator<=>(const Value& a, const Value& b) {
  if (a.held_.index() != b.held_.index()) return a.held_.index() <=> b.held_.index();
  return std::visit([&]<class T>(const T& held) { return order_of(held, *std::get_if<T>(&b.held_)); },
                    a.held_);
}

}  // namespace structwire
