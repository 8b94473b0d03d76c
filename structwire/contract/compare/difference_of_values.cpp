// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/compare/difference_of_values.hpp>

#include <algorithm>

#include <structwire/contract/command/excerpt.hpp>
#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

std::string shown(const Value& value) {
  constexpr std::size_t length_max = 60;
  return "`" + shortened(json::encode(value), length_max) + "`";
}

std::optional<long double> number_of(const Value& value) noexcept {
  if (const auto* integer = value.get_if<std::int64_t>()) return static_cast<long double>(*integer);
  if (const auto* large = value.get_if<std::uint64_t>()) return static_cast<long double>(*large);
  if (const auto* number = value.get_if<double>()) return static_cast<long double>(*number);
  return std::nullopt;
}

/// A float32 is written with the digits that it needs; a double with the same digits is that number.
bool same_digits(const Value& written, const Value& read) noexcept {
  const auto* wide = read.get_if<double>();
  const auto* narrow = written.get_if<double>();
  return wide != nullptr && narrow != nullptr && static_cast<float>(*wide) == static_cast<float>(*narrow) &&
         static_cast<double>(static_cast<float>(*narrow)) == *narrow;
}

bool same_number(const Value& written, const Value& read) noexcept {
  const auto a = number_of(written);
  const auto b = number_of(read);
  return a && b && (*a == *b || (*a != *a && *b != *b) || same_digits(written, read));
}

std::string_view kind_of(const Value& value) noexcept {
  if (value.get_if<std::string>() != nullptr) return "text ";
  return value.get_if<Bytes>() != nullptr ? "bytes " : "";
}

std::optional<ValueDifference> found(const Value& written, const Value& read, const std::string& path) {
  const bool kinds = kind_of(written) != kind_of(read);
  const auto told = [&](const Value& value) { return (kinds ? std::string(kind_of(value)) : "") + shown(value); };
  return ValueDifference{path, told(written) + " arrived as " + told(read)};
}

std::optional<ValueDifference> compare(const Value& written, const Value& read, const std::string& path, int depth);

std::optional<ValueDifference> compare_maps(const Value::Map& written, const Value::Map& read, const std::string& path, int depth) {
  for (const Value::Entry& entry : written) {
    const auto other = std::ranges::find(read, entry.key, &Value::Entry::key);
    if (other == read.end()) continue;
    const auto* name = entry.key.get_if<std::string>();
    const std::string at = name != nullptr ? path + "." + *name : path + "[...]";
    if (auto difference = compare(entry.value, other->value, at, depth)) return difference;
  }
  return std::nullopt;
}

std::optional<ValueDifference> compare_arrays(const Value::Array& written, const Value::Array& read, const std::string& path,
                                              int depth) {
  for (std::size_t i = 0; i < std::min(written.size(), read.size()); ++i) {
    const std::string at = path + "[" + std::to_string(i) + "]";
    if (auto difference = compare(written[i], read[i], at, depth)) return difference;
  }
  return std::nullopt;
}

std::optional<ValueDifference> compare(const Value& written, const Value& read, const std::string& path, int depth) {
  constexpr int depth_max = 512;
  if (depth > depth_max || written == read || same_number(written, read)) return std::nullopt;
  const auto* from_map = written.get_if<Value::Map>();
  const auto* to_map = read.get_if<Value::Map>();
  if (from_map != nullptr && to_map != nullptr) return compare_maps(*from_map, *to_map, path, depth + 1);
  const auto* from_items = written.get_if<Value::Array>();
  const auto* to_items = read.get_if<Value::Array>();
  if (from_items != nullptr && to_items != nullptr) return compare_arrays(*from_items, *to_items, path, depth + 1);
  return found(written, read, path);
}

}  // namespace

std::optional<ValueDifference> difference_of_values(const Value& written, const Value& read) {
  return compare(written, read, "$", 0);
}

}  // namespace structwire::contract
