// SPDX-License-Identifier: Apache-2.0
#pragma once

// Value: any value, typed at run time. What a self-describing format holds when no struct says what to
// expect; the in-memory format that convert and to_value go through.
//
// Integers stay integers and floats stay floats: 1 and 1.0 are different Values. A number that fits
// std::int64_t is always held as one, so two equal integers compare equal however they were written.
// A map keeps the order of its entries and takes any Value as key. Value semantics; copies are deep.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <structwire/core/buffer.hpp>

namespace structwire {

/// A MessagePack extension: a code and its bytes, meaning not known here.
struct Ext {
  std::int8_t code = 0;
  Bytes data;
  friend bool operator==(const Ext&, const Ext&) = default;
};

class Value {
 public:
  struct Entry;
  using Array = std::vector<Value>;
  using Map = std::vector<Entry>;

  Value() noexcept;  ///< null
  Value(std::nullptr_t) noexcept;
  Value(bool value) noexcept;
  Value(std::int64_t value) noexcept;
  Value(std::uint64_t value) noexcept;
  Value(int value) noexcept;
  Value(double value) noexcept;
  Value(std::string value) noexcept;
  Value(std::string_view value);
  Value(const char* value);
  Value(Bytes value) noexcept;
  Value(Array value) noexcept;
  Value(Map value) noexcept;
  Value(Ext value) noexcept;
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  /// The one alternative of type T, or nullptr: T is bool, std::int64_t, std::uint64_t (only above the
  /// largest int64), double, std::string, Bytes, Array, Map or Ext.
  template <class T>
  const T* get_if() const noexcept {
    return std::get_if<T>(&held_);
  }
  template <class T>
  T* get_if() noexcept {
    return std::get_if<T>(&held_);
  }
  bool is_null() const noexcept { return held_.index() == 0; }

  /// The value under a text key of a map; nullptr when there is none or this is no map. Linear.
  const Value* find(std::string_view key) const noexcept;

  /// Deep and exact; map entries in any order; NaN equals NaN.
  friend bool operator==(const Value& a, const Value& b);
  /// A total order, for sorted containers and sorted output: by kind, then by value; text by its bytes.
  friend std::weak_ordering operator<=>(const Value& a, const Value& b);

 private:
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Bytes, Array, Map, Ext>
      held_;
};

struct Value::Entry {
  Value key;
  Value value;
  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace structwire
