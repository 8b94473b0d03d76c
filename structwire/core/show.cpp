// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/show.hpp>

#include <structwire/core/number.hpp>
#include <structwire/core/utf8.hpp>

namespace structwire {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

void add_escape(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "\\x";
  out += hex_digits[byte >> 4];
  out += hex_digits[byte & 15];
}

constexpr bool is_printable(char c) noexcept { return c >= ' ' && c <= '~'; }
constexpr bool is_plain(char c) noexcept { return is_printable(c) && c != '"' && c != '\\'; }

}  // namespace

void ShowText::add(std::string_view text) {
  if (!full()) text_ += text;
}

void ShowText::number(std::int64_t value) { add(number_text(value)); }
void ShowText::number(std::uint64_t value) { add(number_text(value)); }
void ShowText::number(double value) { add(number_text(value)); }
void ShowText::number(float value) {
  if (value - value != 0) return number(static_cast<double>(value));
  char text[double_text_max];
  add({text, static_cast<std::size_t>(write_number(text, value) - text)});
}

// Control characters and what is no UTF-8 as \xNN; other text stays readable.
void ShowText::quoted(std::string_view text) {
  add("\"");
  for (std::size_t i = 0; i < text.size() && !full();) {
    const utf8::CodePoint point = utf8::code_point_at(text, i);
    if (point.valid && (point.length > 1 ? point.code >= 0xA0 : is_plain(text[i]))) {
      text_ += text.substr(i, point.length);
      i += point.length;
    } else {
      add_escape(text_, text[i++]);
    }
  }
  add("\"");
}

void ShowText::bytes(std::span<const std::byte> bytes) {
  add("b\"");
  for (const std::byte byte : bytes) {
    if (full()) break;
    const auto c = static_cast<char>(byte);
    if (is_plain(c)) {
      text_ += c;
    } else {
      add_escape(text_, c);
    }
  }
  add("\"");
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
