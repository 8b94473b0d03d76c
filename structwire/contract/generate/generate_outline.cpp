// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/generate/generate_outline.hpp>

#include <algorithm>
#include <array>
#include <limits>

#include <structwire/core/base16.hpp>
#include <structwire/core/base64.hpp>
#include <structwire/core/error.hpp>
#include <structwire/json.hpp>

namespace structwire::contract::generation {
namespace {

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

void drop_all(std::string& text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
}

}  // namespace

std::string identifier(std::string_view name) {
  std::string text(name);
  for (const std::string_view anonymous : {"(anonymous namespace)::", "{anonymous}::"}) drop_all(text, anonymous);
  std::string made;
  bool gap = false;
  for (const char c : text) {
    if (!is_letter(c) && !is_digit(c)) {
      gap = true;
      continue;
    }
    if (gap && !made.empty()) made += '_';
    gap = false;
    made += c;
  }
  if (made.empty()) return "unnamed";
  return is_digit(made.front()) ? "_" + made : made;
}

bool is_identifier(std::string_view name) noexcept {
  return !name.empty() && !is_digit(name.front()) &&
         std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c); });
}

std::string title_case(std::string_view name) {
  std::string made;
  bool at_start = true;
  for (const char c : identifier(name)) {
    if (c == '_') {
      at_start = true;
      continue;
    }
    made += at_start ? upper(c) : c;
    at_start = false;
  }
  return made.empty() || is_digit(made.front()) ? "N" + made : made;
}

std::string upper_snake(std::string_view name) {
  std::string made;
  char before = '_';
  for (const char c : identifier(name)) {
    if (upper(c) == c && lower(c) != c && lower(before) == before && before != '_') made += '_';
    made += upper(c);
    before = c;
  }
  return made;
}

std::string camel_case(std::string_view name) {
  std::string made;
  bool at_start = false;
  for (const char c : name) {
    if (c == '_') {
      at_start = true;
      continue;
    }
    made += at_start ? upper(c) : c;
    at_start = false;
  }
  return made;
}

std::string Names::take(std::string wanted) {
  std::string name = wanted;
  for (int number = 2; !taken_.insert(name).second; ++number) name = wanted + "_" + std::to_string(number);
  return name;
}

Outline::Outline(const Contracts& contracts, std::span<const std::string_view> reserved_names)
    : contracts_(contracts), names_(reserved_names) {
  for (const StructSchema& each : contracts.structs) {
    names_by_definition_.emplace(each.name, names_.take(identifier(each.name)));
  }
  for (const EnumSchema& each : contracts.enums) {
    names_by_definition_.emplace(each.name, names_.take(identifier(each.name)));
  }
  for (const TypeSchema& root : contracts.roots) {
    visit(root);
    if (root.kind == TypeKind::structure || root.kind == TypeKind::enumeration) continue;
    const std::string& wanted = !root.title.empty() ? root.title : root.name;
    aliases_.push_back({names_.take(wanted.empty() ? "Root" : title_case(wanted)), &root});
  }
  for (const StructSchema& each : contracts.structs) {
    TypeSchema type;
    type.kind = TypeKind::structure;
    type.name = each.name;
    visit(type);
  }
  for (const EnumSchema& each : contracts.enums) enums_.push_back(&each);
}

void Outline::visit(const TypeSchema& type) {
  for (const TypeSchema& part : type.parts) visit(part);
  if (type.kind != TypeKind::structure) return;
  const StructSchema& each = structure(type);
  if (!visited_.insert(each.name).second) return;
  for (const MemberSchema& member : each.members) visit(member.type);
  structs_.push_back(&each);
}

void Failure::fail(std::string_view what) {
  if (!error_) error_.emplace(ErrorCode::unsupported, std::string(what) + " - at `" + path_ + "`");
}

Result<std::string> Failure::result(std::string text) const {
  if (error_) return std::unexpected(*error_);
  return text;
}

// ---- bounds ----------------------------------------------------------------------------------------

namespace {

long double number_of(const Value& value) noexcept {
  if (const auto* integer = value.get_if<std::int64_t>()) return static_cast<long double>(*integer);
  if (const auto* large = value.get_if<std::uint64_t>()) return static_cast<long double>(*large);
  if (const auto* floating = value.get_if<double>()) return static_cast<long double>(*floating);
  return 0;
}

bool is_number(const std::optional<Value>& value) noexcept {
  return value && (value->get_if<std::int64_t>() != nullptr || value->get_if<std::uint64_t>() != nullptr ||
                   value->get_if<double>() != nullptr);
}

/// The tighter of two bounds of one side; of equal ones, the exclusive one.
void tighten(std::optional<Bound>& bound, const Bound& other, bool is_low) {
  if (bound) {
    const long double a = number_of(bound->limit);
    const long double b = number_of(other.limit);
    if (a == b ? bound->is_exclusive || !other.is_exclusive : is_low ? a > b : a < b) return;
  }
  bound = other;
}

/// The integer behind an exclusive bound; bounds at the end of the range stay as they are, for nothing fits them.
Bound inclusive(Bound bound, int step) {
  auto* integer = bound.limit.get_if<std::int64_t>();
  const std::int64_t end =
      step > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
  if (!bound.is_exclusive || integer == nullptr || *integer == end) return bound;
  return {Value(*integer + step), false};
}

/// Of integers below 64 bits: what they can hold.
void add_width(const TypeSchema& type, Range& range) {
  if (type.is_unsigned) tighten(range.low, {Value(0)}, true);
  if (type.bits == 64) return;
  const std::int64_t size = std::int64_t{1} << (type.bits - (type.is_unsigned ? 0 : 1));
  if (!type.is_unsigned) tighten(range.low, {Value(-size)}, true);
  tighten(range.high, {Value(size - 1)}, false);
}

}  // namespace

Range range_of(const TypeSchema& type) {
  Range range;
  const auto add = [&](std::optional<Bound>& side, const std::optional<Value>& limit, bool is_exclusive, bool is_low) {
    if (!is_number(limit)) return;
    Bound bound{*limit, is_exclusive};
    if (type.kind == TypeKind::integer) bound = inclusive(bound, is_low ? 1 : -1);
    tighten(side, bound, is_low);
  };
  add(range.low, type.ge, false, true);
  add(range.low, type.gt, true, true);
  add(range.high, type.le, false, false);
  add(range.high, type.lt, true, false);
  if (type.kind == TypeKind::integer) add_width(type, range);
  return range;
}

bool has_bounds(const TypeSchema& type) noexcept {
  return type.ge || type.gt || type.le || type.lt || type.multiple_of;
}

bool is_negative(const Value& number) noexcept { return number_of(number) < 0; }

bool is_beyond_double(const Value& number) noexcept {
  constexpr std::int64_t largest = std::int64_t{1} << 53;
  const auto* integer = number.get_if<std::int64_t>();
  return number.get_if<std::uint64_t>() != nullptr ||
         (integer != nullptr && (*integer > largest || *integer < -largest));
}

// ---- for people ------------------------------------------------------------------------------------

std::string json_of(const Value& value) {
  const auto text = json::encode(value);
  return std::string(text);
}

bool is_empty_container(const Value& value) noexcept {
  const auto* items = value.get_if<Value::Array>();
  const auto* entries = value.get_if<Value::Map>();
  return (items != nullptr && items->empty()) || (entries != nullptr && entries->empty());
}

bool is_default_telling(const MemberSchema& member) noexcept {
  return member.presence == Presence::defaulted && member.default_value.has_value() &&
         !member.default_value->is_null() && !is_empty_container(*member.default_value);
}

std::vector<std::string> rules_for_people(const TypeSchema& type) {
  std::vector<std::string> rules;
  const auto add = [&](std::string_view name, const std::optional<Value>& limit) {
    if (!limit) return;
    const auto* text = limit->get_if<std::string>();
    rules.push_back(std::string(name) + " " + (text != nullptr ? *text : json_of(*limit)));
  };
  add("ge", type.ge);
  add("gt", type.gt);
  add("le", type.le);
  add("lt", type.lt);
  add("multiple_of", type.multiple_of);
  if (type.min_length) rules.push_back("min_length " + std::to_string(*type.min_length));
  if (type.max_length) rules.push_back("max_length " + std::to_string(*type.max_length));
  if (type.pattern) rules.push_back("pattern " + *type.pattern);
  if (type.zoned) rules.push_back(*type.zoned ? "with a time zone" : "without a time zone");
  if (type.checked) rules.push_back("checked by the program");
  return rules;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
      lines.back() += ' ';
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

std::optional<Bytes> bytes_of_text(const TypeSchema& type, const Value& value) {
  const auto* text = value.get_if<std::string>();
  Bytes bytes;
  if (text == nullptr) return std::nullopt;
  const bool decoded = type.bytes_text == BytesStyle::hex         ? base16::decode(*text, bytes)
                       : type.bytes_text == BytesStyle::base64url ? base64::decode_url(*text, bytes)
                                                                  : base64::decode(*text, bytes);
  if (!decoded) return std::nullopt;
  return bytes;
}

// ---- unions ----------------------------------------------------------------------------------------

namespace {

/// The lines of the guide's page on unions: of each, one alternative may be there.
enum class Family { null, boolean, integer, floating, text, array, map, anything };

Family family_of(const Value& constant) {
  if (constant.is_null()) return Family::null;
  if (constant.get_if<bool>() != nullptr) return Family::boolean;
  return constant.get_if<std::string>() != nullptr ? Family::text : Family::integer;
}

std::set<Family> families_of(const TypeSchema& type, const Outline& outline) {
  using enum TypeKind;
  switch (type.kind) {
    case null:
      return {Family::null};
    case boolean:
      return {Family::boolean};
    case integer:
      return {Family::integer};
    case floating:
      return {Family::floating};
    case text:
    case bytes:
    case datetime:
    case date:
    case time:
    case duration:
    case uuid:
    case decimal:
      return {Family::text};
    case array:
    case set:
    case tuple:
      return {Family::array};
    case map:
      return {Family::map};
    case structure:
      return {outline.structure(type).array_like ? Family::array : Family::map};
    case enumeration:
      return {family_of(outline.enumeration(type).values.front().value)};
    case literal: {
      std::set<Family> found;
      for (const Value& constant : type.constants) found.insert(family_of(constant));
      return found;
    }
    case optional:
    case variant: {
      std::set<Family> found;
      if (type.kind == optional) found.insert(Family::null);
      for (const TypeSchema& part : type.parts) found.merge(families_of(part, outline));
      return found;
    }
    default:
      return {Family::anything};
  }
}

}  // namespace

std::vector<TypeSchema> constants_by_kind(const TypeSchema& type) {
  std::vector<TypeSchema> parts;
  for (const Value& constant : type.constants) {
    const auto same = std::ranges::find_if(
        parts, [&](const TypeSchema& each) { return family_of(each.constants.front()) == family_of(constant); });
    if (same == parts.end()) {
      parts.push_back(type);
      parts.back().constants = {constant};
    } else {
      same->constants.push_back(constant);
    }
  }
  return parts;
}

bool is_unambiguous(const TypeSchema& type, const Outline& outline) {
  std::set<Family> seen;
  std::set<Family> tagged;
  for (const TypeSchema& part : type.parts) {
    const bool has_tag = part.kind == TypeKind::structure && outline.structure(part).tag.has_value();
    for (const Family family : families_of(part, outline)) {
      if (part.kind == TypeKind::unknown) continue;
      if (family == Family::anything && type.parts.size() > 1) return false;
      if (has_tag && tagged.contains(family)) continue;
      if (!seen.insert(family).second) return false;
      if (has_tag) tagged.insert(family);
    }
  }
  return true;
}

}  // namespace structwire::contract::generation
