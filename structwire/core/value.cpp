// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/value.hpp>

#include <algorithm>
#include <tuple>
#include <limits>

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

// Maps usually keep their order, which is_permutation compares in step before it searches.
bool same_map(const Value::Map& a, const Value::Map& b) noexcept {
  return a.size() == b.size() && std::is_permutation(a.begin(), a.end(), b.begin());
}

bool same_double(double a, double b) noexcept { return a == b || (a != a && b != b); }

}  // namespace

bool operator==(const Value& a, const Value& b) noexcept {
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
bool less_double(double a, double b) noexcept { return a < b || (a == a && b != b); }

std::vector<const Value::Entry*> sorted(const Value::Map& map) {
  std::vector<const Value::Entry*> entries;
  for (const Value::Entry& entry : map) entries.push_back(&entry);
  std::ranges::sort(entries, [](const auto* a, const auto* b) { return a->key < b->key; });
  return entries;
}

// Equal maps in whatever order are neither before the other.
bool less_map(const Value::Map& a, const Value::Map& b) {
  const auto left = sorted(a);
  const auto right = sorted(b);
  return std::ranges::lexicographical_compare(left, right, [](const auto* x, const auto* y) {
    if (x->key < y->key) return true;
    return !(y->key < x->key) && x->value < y->value;
  });
}

}  // namespace

bool operator<(const Value& a, const Value& b) noexcept {
  if (a.held_.index() != b.held_.index()) return a.held_.index() < b.held_.index();
  return std::visit(
      [&]<class T>(const T& held) {
        const T& other = *std::get_if<T>(&b.held_);
        if constexpr (std::is_same_v<T, double>) {
          return less_double(held, other);
        } else if constexpr (std::is_same_v<T, Value::Map>) {
          return less_map(held, other);
        } else if constexpr (std::is_same_v<T, Ext>) {
          return std::tie(held.code, held.data) < std::tie(other.code, other.data);
        } else {
          return held < other;
        }
      },
      a.held_);
}

}  // namespace structwire
