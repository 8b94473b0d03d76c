// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/json/writer.hpp>

#include <array>

#include <structwire/core/encode.hpp>
#include <structwire/core/epoch_time.hpp>
#include <structwire/core/text_kernels.hpp>
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
  std::size_t size = 2 + text.size();
  const char* const end = text.data() + text.size();
  bool ascii = true;
  for (const char* at = text.data(); at != end; ++at) {
    const text_kernels::Run run = text_kernels::plain_run(at, end);
    ascii = ascii && run.ascii;
    at = run.end;
    if (at == end) break;
    size += escaped_size(*at) - 1;
  }
  // Bad UTF-8 triples at most, when each byte becomes U+FFFD.
  return ascii ? size : size + 2 * text.size();
}

void WriterBase::write(double value) noexcept {
  if (value - value != 0) return null();
  cursor_ = write_number(cursor_, value);
}

void WriterBase::write(float value) noexcept {
  if (value - value != 0) return null();
  cursor_ = write_number(cursor_, value);
}

// Escapes what must be and looks for what is not ASCII in one go; UTF-8 is checked only where there is something.
void WriterBase::text(std::string_view text) {
  char* const start = cursor_;
  const char* const end = text.data() + text.size();
  bool ascii = true;
  *cursor_++ = '"';
  for (const char* at = text.data();; ++at) {
    const text_kernels::Run run = text_kernels::copy_plain_run(at, end, cursor_);
    ascii = ascii && run.ascii;
    cursor_ += run.end - at;
    at = run.end;
    if (at == end) break;
    put_escape(*at);
  }
  *cursor_++ = '"';
  if (ascii || text_kernels::is_utf8(text)) [[likely]] return;
  cursor_ = start;
  if (state_->strict) {
    state_->fail(ErrorCode::invalid_utf8, "Text that is not UTF-8");
  } else {
    WriterBase::text(utf8::replaced(text));
  }
}

void WriterBase::put_escape(char c) noexcept {
  constexpr std::string_view hex = "0123456789abcdef";
  *cursor_++ = '\\';
  if (escaped_size(c) == 2) {
    *cursor_++ = short_escape(c);
    return;
  }
  put("u00");
  *cursor_++ = hex[static_cast<unsigned char>(c) >> 4];
  *cursor_++ = hex[static_cast<unsigned char>(c) & 15];
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
