// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/msgpack/canonical.hpp>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include <structwire/formats/msgpack/format.hpp>

namespace structwire::msgpack {
namespace {

bool is_container(const Value& value) noexcept {
  return value.get_if<Value::Array>() != nullptr || value.get_if<Value::Map>() != nullptr;
}

bool holds_container_key(const Value& value) noexcept {
  if (const auto* items = value.get_if<Value::Array>()) return std::ranges::any_of(*items, holds_container_key);
  const auto* entries = value.get_if<Value::Map>();
  return entries != nullptr && std::ranges::any_of(*entries, [](const Value::Entry& entry) {
    return is_container(entry.key) || holds_container_key(entry.value);
  });
}

Result<void> sort_keys(Value& value);

// An entry with the encoding of its key, which is what keys are ordered by, and its place among equal keys.
struct EncodedEntry {
  Buffer key;
  std::size_t place;
  Value::Entry entry;

  friend bool operator<(const EncodedEntry& a, const EncodedEntry& b) noexcept {
    const int order = a.key.text().compare(b.key.text());
    return order != 0 ? order < 0 : a.place < b.place;
  }
};

Result<void> sort_entries(Value::Map& entries) {
  std::vector<EncodedEntry> sorted;
  sorted.reserve(entries.size());
  for (Value::Entry& entry : entries) {
    if (is_container(entry.key) && holds_container_key(entry.key)) {
      return std::unexpected(
          Error(ErrorCode::unsupported, "A map key holds a map whose keys are containers themselves"));
    }
    Buffer key;
    if (auto nested = sort_keys(entry.key); !nested) return nested;
    if (auto nested = sort_keys(entry.value); !nested) return nested;
    if (auto encoded = format().append(entry.key, key); !encoded) return encoded;
    sorted.push_back({std::move(key), sorted.size(), std::move(entry)});
  }
  std::ranges::sort(sorted, std::less<>());
  // Of one key given twice the last one counts, as everywhere.
  entries.clear();
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i + 1 < sorted.size() && sorted[i].key == sorted[i + 1].key) continue;
    entries.push_back(std::move(sorted[i].entry));
  }
  return {};
}

Result<void> sort_keys(Value& value) {
  if (auto* items = value.get_if<Value::Array>()) {
    for (Value& item : *items) {
      if (auto sorted = sort_keys(item); !sorted) return sorted;
    }
  }
  if (auto* entries = value.get_if<Value::Map>()) return sort_entries(*entries);
  return {};
}

}  // namespace

Result<Buffer> canonical(const Value& value) {
  Value sorted = value;
  if (auto done = sort_keys(sorted); !done) return std::unexpected(std::move(done.error()));
  Buffer bytes;
  if (auto encoded = format().append(sorted, bytes); !encoded) return std::unexpected(std::move(encoded.error()));
  return bytes;
}

Result<Raw> canonical(const Raw& raw) {
  if (raw.empty()) return Raw();
  auto value = raw.decode();
  if (!value) return std::unexpected(std::move(value.error()));
  auto bytes = canonical(*value);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  return Raw::trusted(format(), std::move(*bytes));
}

}  // namespace structwire::msgpack
