// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/json_schema/json_schema_text.hpp>

#include <algorithm>

namespace structwire::contract {
namespace {

constexpr std::string_view date = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
constexpr std::string_view clock = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?";
constexpr std::string_view zone = "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])";
// Only the last number may have a fraction.
constexpr std::string_view duration =
    "[+-]?[Pp](?:[0-9]+(?:\\.[0-9]+)?[Dd]|(?:[0-9]+[Dd])?[Tt](?:[0-9]+(?:\\.[0-9]+)?[Hh]"
    "|(?:[0-9]+[Hh])?[0-9]+(?:\\.[0-9]+)?[Mm]|(?:[0-9]+[Hh])?(?:[0-9]+[Mm])?[0-9]+(?:\\.[0-9]+)?[Ss]))";
constexpr std::string_view uuid =
    "(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})";
constexpr std::string_view decimal =
    "[+-]?(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|[Ii][Nn][Ff](?:[Ii][Nn][Ii][Tt][Yy])?"
    "|[Ss]?[Nn][Aa][Nn][0-9]*)";
constexpr std::string_view base64 =
    "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?";
constexpr std::string_view base64url =
    "(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}(?:==)?|[A-Za-z0-9_-]{3}=?)?";
constexpr std::string_view base16 = "(?:[0-9A-Fa-f]{2})*";

std::string zone_of(const TypeSchema& type) {
  if (!type.zoned) return std::string(zone) + "?";
  return *type.zoned ? std::string(zone) : std::string();
}

std::string whole_text(const TypeSchema& type) {
  switch (type.kind) {
    case TypeKind::datetime: return std::string(date) + "[Tt ]" + std::string(clock) + zone_of(type);
    case TypeKind::time: return std::string(clock) + zone_of(type);
    case TypeKind::date: return std::string(date);
    case TypeKind::duration: return std::string(duration);
    case TypeKind::uuid: return std::string(uuid);
    case TypeKind::decimal: return std::string(decimal);
    case TypeKind::bytes:
      return std::string(type.bytes_text == BytesStyle::hex         ? base16
                         : type.bytes_text == BytesStyle::base64url ? base64url
                                                                    : base64);
    default: return {};
  }
}

constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
// What ECMA-262 lets stand behind a backslash for itself.
constexpr bool is_syntax_character(char c) noexcept {
  return std::string_view("^$\\.*+?()[]{}|/").find(c) != std::string_view::npos;
}

// Classes are told by their characters: engines disagree about what else is a digit, a letter or white space.
std::string_view class_of(char letter) noexcept {
  switch (letter) {
    case 'd': case 'D': return "0-9";
    case 'w': case 'W': return "A-Za-z0-9_";
    case 's': case 'S': return " \\t\\n\\r\\f\\v";
    default: return {};
  }
}

// One walk over a pattern. Every call takes at least one character.
class Translation {
 public:
  explicit Translation(std::string_view pattern) noexcept : rest_(pattern) {}

  std::string text() && {
    while (!rest_.empty()) piece();
    return std::move(out_);
  }

 private:
  char take() noexcept {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  void piece() {
    const char c = take();
    switch (c) {
      case '\\': escape(); break;
      case '[': character_class(); break;
      case '.': out_ += "[^\\n]"; break;
      case '{': brace(); break;
      case '}': out_ += "\\}"; break;
      default: out_ += c;
    }
  }

  void escape() {
    if (rest_.empty()) return;
    const char c = take();
    if (c == 'A') {
      out_ += '^';
    } else if (c == 'Z') {
      out_ += '$';
    } else if (const std::string_view characters = class_of(c); !characters.empty()) {
      out_ += is_letter(c) && c <= 'Z' ? "[^" : "[";
      out_.append(characters) += ']';
    } else {
      escaped(c);
    }
  }

  void escaped(char c) {
    if (is_letter(c) || is_digit(c) || is_syntax_character(c)) out_ += '\\';
    out_ += c;
  }

  // {n}, {n,}, {n,m} and {,m}; every other brace is itself.
  void brace() {
    const std::size_t end = rest_.find('}');
    const std::string_view inside = rest_.substr(0, end);
    const std::size_t comma = inside.find(',');
    const auto all_digits = [](std::string_view text) { return std::ranges::all_of(text, is_digit); };
    const bool repeats = end != rest_.npos && inside.size() > (comma == inside.npos ? 0u : 1u) &&
                         all_digits(inside.substr(0, comma)) &&
                         (comma == inside.npos || all_digits(inside.substr(comma + 1)));
    if (!repeats) {
      out_ += "\\{";
      return;
    }
    out_ += comma == 0 ? "{0" : "{";
    out_.append(inside) += '}';
    rest_.remove_prefix(end + 1);
  }

  void character_class() {
    out_ += '[';
    if (rest_.starts_with('^')) out_ += take();
    for (bool first = true; !rest_.empty(); first = false) {
      const char c = take();
      if (c == ']' && !first) {
        out_ += ']';
        return;
      }
      if (c == '\\' && !rest_.empty()) {
        escape_in_class();
      } else {
        if (c == ']' || c == '[') out_ += '\\';
        out_ += c;
      }
    }
  }

  void escape_in_class() {
    const char c = take();
    if (c == 'd' || c == 'w' || c == 's') {
      out_ += class_of(c);
    } else if (c == '-') {
      out_ += "\\-";
    } else {
      escaped(c);
    }
  }

  std::string_view rest_;
  std::string out_;
};

}  // namespace

std::string text_pattern(const TypeSchema& type) {
  const std::string whole = whole_text(type);
  return whole.empty() ? whole : "^" + whole + "$";
}

std::string_view text_format(const TypeSchema& type) noexcept {
  switch (type.kind) {
    case TypeKind::datetime: return type.zoned == true ? "date-time" : "";
    case TypeKind::time: return !type.zoned ? "" : *type.zoned ? "time" : "partial-time";
    case TypeKind::date: return "date";
    case TypeKind::duration: return "duration";
    case TypeKind::uuid: return "uuid";
    case TypeKind::decimal: return "decimal";
    default: return {};
  }
}

std::string_view integer_key_pattern(bool is_unsigned) noexcept {
  return is_unsigned ? "^(?:-?0|[1-9][0-9]*)$" : "^-?(?:0|[1-9][0-9]*)$";
}

std::string_view number_key_pattern() noexcept {
  return "^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?$";
}

std::string_view decimal_key_pattern() noexcept {
  return "^-?(?:(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?|[Ii][Nn][Ff](?:[Ii][Nn][Ii][Tt][Yy])?|[Nn][Aa][Nn])$";
}

std::string_view content_encoding(BytesStyle style) noexcept {
  switch (style) {
    case BytesStyle::base64url: return "base64url";
    case BytesStyle::hex: return "base16";
    case BytesStyle::base64: break;
  }
  return "base64";
}

std::uint64_t encoded_length_min(BytesStyle style, std::uint64_t bytes) noexcept {
  if (style != BytesStyle::base64url) return encoded_length_max(style, bytes);
  return bytes / 3 * 4 + (bytes % 3 == 0 ? 0 : bytes % 3 + 1);
}

std::uint64_t encoded_length_max(BytesStyle style, std::uint64_t bytes) noexcept {
  return style == BytesStyle::hex ? 2 * bytes : (bytes / 3 + (bytes % 3 != 0 ? 1 : 0)) * 4;
}

std::string ecma_pattern(std::string_view pattern) { return Translation(pattern).text(); }

std::string any_case_pattern(std::string_view text) {
  std::string pattern = "^";
  for (const char c : text) {
    if (is_letter(c)) {
      const char lower = static_cast<char>(c | 0x20);
      pattern += {'[', static_cast<char>(lower - 0x20), lower, ']'};
    } else {
      if (is_syntax_character(c)) pattern += '\\';
      pattern += c;
    }
  }
  return pattern + '$';
}

}  // namespace structwire::contract
