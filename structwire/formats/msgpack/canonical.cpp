// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/msgpack/canonical.hpp>

#include <algorithm>
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

// The order of keys is the order of their encodings, so encode each once and sort those.
Result<void> sort_entries(Value::Map& entries) {
  std::vector<std::pair<Buffer, Value::Entry>> sorted;
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
    sorted.emplace_back(std::move(key), std::move(entry));
  }
  const auto bytes = [](const auto& each) { return each.first.text(); };
  std::ranges::stable_sort(sorted, {}, bytes);
  // Of one key given twice the last one counts, as everywhere.
  entries.clear();
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i + 1 < sorted.size() && bytes(sorted[i]) == bytes(sorted[i + 1])) continue;
    entries.push_back(std::move(sorted[i].second));
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
