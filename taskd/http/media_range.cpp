// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/media_range.hpp>

#include <algorithm>

namespace structwire::taskd::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           marks.find(c) != std::string_view::npos;
  });
}

// Cuts off what stands before the first `separator` that is not inside a quoted string.
std::string_view take_until(std::string_view& text, char separator) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[at] == separator) {
      break;
    }
  }
  at = std::min(at, text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return trim(taken);
}

struct Parameter {
  std::string_view name;
  std::string_view value;  // without quotes; escapes are left as they are
  bool quoted = false;
};

std::optional<Parameter> parse_parameter(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  Parameter parameter{text.substr(0, equals), text.substr(equals + 1)};
  if (!is_token(parameter.name)) return std::nullopt;
  std::string_view& value = parameter.value;
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    parameter.quoted = true;
    value = value.substr(1, value.size() - 2);
    return parameter;
  }
  if (!is_token(value)) return std::nullopt;
  return parameter;
}

bool split_type(std::string_view text, std::string_view& type, std::string_view& subtype) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  type = text.substr(0, slash);
  subtype = text.substr(slash + 1);
  return is_token(type) && is_token(subtype);
}

std::optional<MediaRange> parse_range(std::string_view text) {
  MediaRange range;
  if (!split_type(take_until(text, ';'), range.type, range.subtype)) return std::nullopt;
  if (range.type == "*" && range.subtype != "*") return std::nullopt;
  bool quality_seen = false;
  while (!text.empty()) {
    const std::string_view piece = take_until(text, ';');
    if (piece.empty()) continue;  // `;;` and a `;` at the end are allowed
    const std::optional<Parameter> parameter = parse_parameter(piece);
    if (!parameter) return std::nullopt;
    if (!equals_ignoring_case(parameter->name, "q")) {
      // What follows q belonged to an extension that RFC 9110 has removed.
      range.has_parameters |= !quality_seen;
      continue;
    }
    const std::optional<int> quality = parse_quality(parameter->value);
    if (!quality || parameter->quoted || quality_seen) return std::nullopt;
    quality_seen = true;
    range.quality = *quality;
  }
  return range;
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trim(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<MediaTypeText> parse_media_type(std::string_view text) {
  MediaTypeText result;
  result.full = take_until(text, ';');
  if (!split_type(result.full, result.type, result.subtype)) return std::nullopt;
  if (result.type == "*" || result.subtype == "*") return std::nullopt;
  while (!text.empty()) {
    const std::string_view piece = take_until(text, ';');
    if (piece.empty()) continue;
    const std::optional<Parameter> parameter = parse_parameter(piece);
    if (!parameter) return std::nullopt;
    if (!equals_ignoring_case(parameter->name, "charset")) continue;
    if (result.charset) return std::nullopt;
    result.charset = parameter->value;
  }
  return result;
}

std::vector<MediaRange> parse_accept(std::string_view text) {
  std::vector<MediaRange> ranges;
  while (!text.empty()) {
    if (const auto range = parse_range(take_until(text, ','))) ranges.push_back(*range);
  }
  return ranges;
}

std::optional<int> parse_quality(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 5 || (text.size() > 1 && text[1] != '.')) return std::nullopt;
  int quality = (text[0] - '0') * 1000;
  int place = 100;
  for (const char c : text.substr(std::min<std::size_t>(text.size(), 2))) {
    if (c < '0' || c > '9') return std::nullopt;
    quality += (c - '0') * place;
    place /= 10;
  }
  if (quality > 1000) return std::nullopt;
  return quality;
}

}  // namespace structwire::taskd::http
