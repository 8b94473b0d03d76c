// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/json/writer.hpp>

#include <array>

#include <structwire/core/encode.hpp>
#include <structwire/core/epoch_time.hpp>
#include <structwire/core/utf8.hpp>

namespace structwire::json {
namespace {

// Characters that a byte of text becomes: 1, 2 (\n) or 6 (\u0001).
constexpr auto escaped_sizes = [] {
  std::array<std::uint8_t, 256> sizes{};
  sizes.fill(1);
  for (std::size_t c = 0; c < 0x20; ++c) sizes[c] = 6;
  for (const char c : {'"', '\\', '\b', '\f', '\n', '\r', '\t'}) sizes[static_cast<unsigned char>(c)] = 2;
  return sizes;
}();

std::size_t escaped_size(char c) noexcept { return escaped_sizes[static_cast<unsigned char>(c)]; }

char short_escape(char c) noexcept {
  switch (c) {
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return c;
  }
}

std::string key_of(const Value& key) {
  if (const auto* text = key.get_if<std::string>()) return *text;
  if (const auto* bytes = key.get_if<Bytes>()) return base64::encode(*bytes);
  if (const auto* ext = key.get_if<Ext>()) {
    char timestamp[timestamp_text_max];
    if (char* end = write_timestamp_text(timestamp, *ext)) return std::string(timestamp, end);
  }
  Buffer text;
  if (!format().append(key, text)) return {};
  return std::string(text.text());
}

}  // namespace

std::size_t WriterBase::long_text_bound(std::string_view text) noexcept {
  std::size_t size = 2;
  for (const char c : text) size += escaped_size(c);
  // Bad UTF-8 triples at most, when each byte becomes U+FFFD.
  return utf8::is_ascii(text.data(), text.size()) ? size : size + 2 * text.size();
}

void WriterBase::write(double value) noexcept {
  if (value - value != 0) return null();
  cursor_ = write_number(cursor_, value);
}

void WriterBase::write(float value) noexcept {
  if (value - value != 0) return null();
  cursor_ = write_number(cursor_, value);
}

void WriterBase::text(std::string_view text) {
  if (utf8::is_valid(text)) [[likely]] {
    put_text(text);
  } else if (state_->strict) {
    state_->fail(ErrorCode::invalid_utf8, "Text that is not UTF-8");
  } else {
    put_text(utf8::replaced(text));
  }
}

void WriterBase::put_text(std::string_view text) noexcept {
  constexpr std::string_view hex = "0123456789abcdef";
  *cursor_++ = '"';
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t size = escaped_size(text[i]);
    if (size == 1) [[likely]] continue;
    put(text.substr(run, i - run));
    run = i + 1;
    *cursor_++ = '\\';
    if (size == 2) {
      *cursor_++ = short_escape(text[i]);
    } else {
      put("u00");
      *cursor_++ = hex[static_cast<unsigned char>(text[i]) >> 4];
      *cursor_++ = hex[static_cast<unsigned char>(text[i]) & 15];
    }
  }
  put(text.substr(run));
  *cursor_++ = '"';
}

void WriterBase::bytes(std::span<const std::byte> bytes) noexcept {
  *cursor_++ = '"';
  cursor_ = base64::write(cursor_, bytes);
  *cursor_++ = '"';
}

void WriterBase::ext(const Ext& ext) noexcept {
  put(R"({"$ext":)");
  cursor_ = write_number(cursor_, std::int64_t{ext.code});
  put(R"(,"data":)");
  bytes(ext.data);
  *cursor_++ = '}';
}

std::size_t WriterBase::value_key_bound(const Value& key, WriterState&) { return text_bound(key_of(key)); }

void WriterBase::value_key(const Value& key) { text(key_of(key)); }

}  // namespace structwire::json
