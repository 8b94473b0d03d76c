// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/command/excerpt.hpp>

#include <algorithm>
#include <charconv>

#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

constexpr std::size_t line_max = 160;
/// Of the value at the end of the path.
constexpr std::size_t value_max = 100;

const std::string* name_of(const Value::Entry& entry) noexcept { return entry.key.get_if<std::string>(); }

/// The entry that the path goes on with: of `.a.b`, `a.b` rather than `a`.
const Value::Entry* next_entry(const Value::Map& entries, std::string_view path) noexcept {
  const Value::Entry* found = nullptr;
  if (!path.starts_with('.')) return found;
  path.remove_prefix(1);
  for (const Value::Entry& each : entries) {
    const std::string* name = name_of(each);
    if (name == nullptr || !path.starts_with(*name)) continue;
    const bool ends = path.size() == name->size() || path[name->size()] == '.' || path[name->size()] == '[';
    if (ends && (found == nullptr || name->size() > name_of(*found)->size())) found = &each;
  }
  return found;
}

const Value* next_item(const Value::Array& items, std::string_view& path) noexcept {
  if (path.starts_with('.')) {
    const auto has_it = [&](const Value& item) {
      const auto* entries = item.get_if<Value::Map>();
      return entries != nullptr && next_entry(*entries, path) != nullptr;
    };
    const auto found = std::ranges::find_if(items, has_it);
    return found == items.end() ? nullptr : &*found;
  }
  std::size_t index = 0;
  const char* const end = path.data() + path.size();
  if (!path.starts_with('[')) return nullptr;
  const auto [stop, error] = std::from_chars(path.data() + 1, end, index);
  if (error != std::errc{} || stop == end || *stop != ']' || index >= items.size()) return nullptr;
  path.remove_prefix(static_cast<std::size_t>(stop + 1 - path.data()));
  return &items[index];
}

std::string on_the_way(const Value& value, std::string_view path) {
  if (const auto* entries = value.get_if<Value::Map>()) {
    if (const Value::Entry* next = next_entry(*entries, path)) {
      const std::string inner = on_the_way(next->value, path.substr(1 + name_of(*next)->size()));
      return (next == &entries->front() ? "{" : "{…,") + json::encode(next->key) + ":" + inner +
             (next == &entries->back() ? "}" : ",…}");
    }
  }
  if (const auto* items = value.get_if<Value::Array>()) {
    if (const Value* next = next_item(*items, path)) {
      return (next == &items->front() ? "[" : "[…,") + on_the_way(*next, path) + (next == &items->back() ? "]" : ",…]");
    }
  }
  return shortened(json::encode(value), value_max);
}

}  // namespace

std::string shortened(std::string_view text, std::size_t length_max) {
  if (text.size() <= length_max) return std::string(text);
  while (length_max > 0 && (static_cast<unsigned char>(text[length_max]) & 0xC0) == 0x80) --length_max;
  return std::string(text.substr(0, length_max)) + "…";
}

std::string excerpt(const Value& message, std::string_view path) {
  std::string whole = json::encode(message);
  if (whole.size() <= line_max) return whole;
  return shortened(on_the_way(message, path.substr(path.starts_with('$') ? 1 : 0)), line_max);
}

std::string printable(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // In UTF-8, U+0080 to U+009F are C2 and the number.
    const bool is_wide = text[i] == '\xC2' && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    const auto code = static_cast<unsigned char>(text[is_wide ? i + 1 : i]);
    if (!is_wide && code >= 0x20 && code != 0x7F) {
      shown += text[i];
      continue;
    }
    shown += {'\\', 'u', '0', '0', digits[code / 16], digits[code % 16]};
    i += is_wide;
  }
  return shown;
}

}  // namespace structwire::contract
