// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/show.hpp>

#include <algorithm>

#include <structwire/core/number.hpp>
#include <structwire/core/quoted.hpp>

namespace structwire {
void ShowText::add(std::string_view text) {
  if (!full()) text_ += text;
}

void ShowText::number(std::int64_t value) { add(number_text(value)); }
void ShowText::number(std::uint64_t value) { add(number_text(value)); }
void ShowText::number(double value) { add(number_text(value)); }
void ShowText::number(float value) {
  if (value - value != 0) return number(static_cast<double>(value));
  char text[number_text_room];
  add({text, static_cast<std::size_t>(write_number(text, value) - text)});
}

// Of what is longer than all that is shown, no more is looked at: that, and one whole character behind it.
std::size_t ShowText::room() const noexcept {
  constexpr std::size_t character_max = 4;
  return options_.length_max > text_.max_size() ? text_.max_size() : options_.length_max + character_max;
}

void ShowText::quoted(std::string_view text) {
  if (!full()) append_quoted(text_, text.substr(0, room()));
}
void ShowText::bytes(std::span<const std::byte> bytes) {
  if (!full()) append_quoted(text_, bytes.first(std::min(bytes.size(), room())));
}

void ShowText::ext(const Ext& ext) {
  add("ext(");
  number(std::int64_t{ext.code});
  add(", ");
  bytes(ext.data);
  add(")");
}

void ShowText::separate(bool& first) {
  if (!first) add(", ");
  first = false;
}

void ShowText::value(const Value& value) {
  if (value.is_null()) return add("null");
  if (const auto* boolean = value.get_if<bool>()) return add(*boolean ? "true" : "false");
  if (const auto* integer = value.get_if<std::int64_t>()) return number(*integer);
  if (const auto* large = value.get_if<std::uint64_t>()) return number(*large);
  if (const auto* floating = value.get_if<double>()) return number(*floating);
  if (const auto* text = value.get_if<std::string>()) return quoted(*text);
  if (const auto* held = value.get_if<Bytes>()) return bytes(*held);
  if (const auto* held = value.get_if<Ext>()) return ext(*held);
  bool first = true;
  if (const auto* items = value.get_if<Value::Array>()) {
    return nested("[", "]", [&] {
      for (const Value& item : *items) {
        if (full()) return;
        separate(first);
        this->value(item);
      }
    });
  }
  nested("{", "}", [&] {
    for (const Value::Entry& entry : *value.get_if<Value::Map>()) {
      if (full()) return;
      separate(first);
      this->value(entry.key);
      add(": ");
      this->value(entry.value);
    }
  });
}

// What it holds, where that is still whole.
void ShowText::raw(const RawView& raw) {
  if (raw.empty()) return add("raw()");
  add("raw(");
  add(raw.format->name);
  add(", ");
  if (const auto held = raw.format->decode(raw.bytes, {})) {
    value(*held);
  } else {
    bytes(raw.bytes);
  }
  add(")");
}

std::string ShowText::take() {
  if (full()) {
    // Not in the middle of a character.
    std::size_t end = options_.length_max;
    while (end > 0 && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) --end;
    text_.resize(end);
    text_ += "…";
  }
  return std::move(text_);
}

}  // namespace structwire
