// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/quoted.hpp>

#include <structwire/core/utf8.hpp>

namespace structwire {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

void append_escape(std::string& out, char c) {
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

constexpr bool is_plain(char c) noexcept { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

// Beyond ASCII the control characters end at U+009F.
bool is_plain(const utf8::CodePoint& point, char first) noexcept {
  return point.valid && (point.length == 1 ? is_plain(first) : point.code >= 0xA0);
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const utf8::CodePoint point = utf8::code_point_at(text, i);
    if (is_plain(point, text[i])) {
      out += text.substr(i, point.length);
      i += point.length;
    } else {
      append_escape(out, text[i++]);
    }
  }
  out += '"';
}

void append_quoted(std::string& out, std::span<const std::byte> bytes) {
  out += "b\"";
  for (const std::byte byte : bytes) {
    const auto c = static_cast<char>(byte);
    if (is_plain(c)) {
      out += c;
    } else {
      append_escape(out, c);
    }
  }
  out += '"';
}

}  // namespace structwire
