// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/convert_members.hpp>

#include <structwire/core/error_detail.hpp>
#include <structwire/core/raw.hpp>

namespace structwire {

const Value::Entry* find_struct_mark(const Value& value) noexcept {
  const auto* entries = value.get_if<Value::Map>();
  if (entries == nullptr || entries->empty()) return nullptr;
  const auto* key = entries->front().key.get_if<std::string>();
  return key != nullptr && key->starts_with(struct_mark) ? &entries->front() : nullptr;
}

Value without_struct_marks(const Value& value) {
  if (const auto* items = value.get_if<Value::Array>()) {
    Value::Array plain;
    plain.reserve(items->size());
    for (const Value& item : *items) plain.push_back(without_struct_marks(item));
    return plain;
  }
  const auto* entries = value.get_if<Value::Map>();
  if (entries == nullptr) return value;
  Value::Map plain;
  plain.reserve(entries->size());
  for (const auto& [key, mapped] : *entries) {
    const auto* text = key.get_if<std::string>();
    if (text != nullptr && text->starts_with(struct_mark)) continue;
    plain.push_back({without_struct_marks(key), without_struct_marks(mapped)});
  }
  return plain;
}

bool MembersReader::capture(Raw& out) {
  const Value plain = without_struct_marks(*current_);
  ValueReader reader(plain, options());
  return reader.capture(out) || adopt(reader.take_error());
}

bool MembersReader::named(bool outcome) {
  const Value::Entry* mark = find_struct_mark(*current_);
  if (outcome || mark == nullptr || error_code() != ErrorCode::type_mismatch) return outcome;
  Error error = take_error();
  error.detail()->got = mark->key.get_if<std::string>()->substr(1);
  return adopt(std::move(error));
}

bool MembersReader::take(const StructScope& scope, std::string_view name) noexcept {
  for (const Value::Entry* entry = scope.next + 1; entry < scope.end; ++entry) {
    const auto* key = entry->key.get_if<std::string>();
    if (key == nullptr || *key != name) continue;
    current_ = &entry->value;
    ++progress_;
    return true;
  }
  return false;
}

bool MembersReader::take_tag(const StructScope& scope, std::string_view field) noexcept {
  if (scope.next->value.is_null()) return take(scope, field);
  current_ = &scope.next->value;
  return true;
}

}  // namespace structwire
