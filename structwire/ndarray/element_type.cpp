// SPDX-License-Identifier: Apache-2.0
#include <structwire/ndarray/element_type.hpp>

#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include <structwire/core/quoted.hpp>

namespace structwire::ndarray {
namespace {

struct Named {
  std::string_view name;
  char letter;
  std::uint32_t size;
};
constexpr std::array<Named, 14> names = {{{"bool", 'b', 1},
                                          {"int8", 'i', 1},
                                          {"int16", 'i', 2},
                                          {"int32", 'i', 4},
                                          {"int64", 'i', 8},
                                          {"uint8", 'u', 1},
                                          {"uint16", 'u', 2},
                                          {"uint32", 'u', 4},
                                          {"uint64", 'u', 8},
                                          {"float16", 'f', 2},
                                          {"float32", 'f', 4},
                                          {"float64", 'f', 8},
                                          {"complex64", 'c', 8},
                                          {"complex128", 'c', 16}}};

constexpr std::string_view letters = "biufcSU";

char letter_of(ElementKind kind) noexcept { return letters[static_cast<std::size_t>(kind)]; }

// A dtype from elsewhere may be of any length.
std::string shown(std::string_view text) {
  constexpr std::size_t shown_max = 64;
  std::string result;
  append_quoted(result, text.substr(0, shown_max));
  return text.size() > shown_max ? result + "…" : result;
}

std::unexpected<Error> fail(ErrorCode code, std::string sentence) {
  return std::unexpected(Error(code, std::move(sentence)));
}

bool is_listed(char letter, std::uint32_t size) noexcept {
  for (const Named& each : names) {
    if (each.letter == letter && each.size == size) return true;
  }
  return false;
}

std::optional<std::uint32_t> whole_number(std::string_view digits) noexcept {
  std::uint32_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [at, code] = std::from_chars(digits.data(), end, number);
  if (code != std::errc() || at != end || digits.empty() || digits.front() == '0')
    return std::nullopt;
  return number;
}

}  // namespace

Result<ElementType> ElementType::parse(std::string_view text) {
  for (const Named& each : names) {
    if (each.name == text) {
      return ElementType{static_cast<ElementKind>(letters.find(each.letter)), each.size,
                         std::endian::little};
    }
  }
  std::string_view code = text;
  std::endian order = std::endian::little;
  if (!code.empty() && std::string_view("<>|=").contains(code.front())) {
    if (code.front() == '>') order = std::endian::big;
    code.remove_prefix(1);
  }
  if (code == "object" || code == "O" || code == "O8" || code == "O4") {
    return fail(ErrorCode::refused,
                "Arrays of Python objects are refused: their bytes are a pickle");
  }
  const auto unknown = [&] {
    return fail(ErrorCode::invalid_text, "Invalid dtype " + shown(text));
  };
  const auto unsupported = [&] {
    return fail(ErrorCode::unsupported, "Unsupported dtype " + shown(text));
  };
  if (code.empty()) return unknown();
  const char letter = code.front();
  if (code.starts_with("datetime64") || code.starts_with("timedelta64") || code == "float128" ||
      code == "longdouble" || code == "complex256" || std::string_view("MmVatT").contains(letter)) {
    return unsupported();
  }
  const std::size_t kind = letters.find(letter);
  const std::optional<std::uint32_t> number = whole_number(code.substr(1));
  if (kind == letters.npos || !number) return unknown();
  ElementType type{static_cast<ElementKind>(kind), *number, order};
  if (type.kind == ElementKind::text || type.kind == ElementKind::bytes) {
    const std::uint32_t unit = type.kind == ElementKind::text ? 4 : 1;
    if (*number > std::numeric_limits<std::int32_t>::max() / unit) return unsupported();
    type.size = *number * unit;
  } else if (!is_listed(letter, type.size)) {
    return unsupported();
  }
  if (type.unit() == 1) type.order = std::endian::little;
  return type;
}

std::string ElementType::code() const {
  std::string text(1, unit() == 1 ? '|' : order == std::endian::big ? '>' : '<');
  text += letter_of(kind);
  return text += std::to_string(kind == ElementKind::text ? size / 4 : size);
}

std::string ElementType::name() const {
  if (order == std::endian::big) return code();
  for (const Named& each : names) {
    if (each.letter == letter_of(kind) && each.size == size) return std::string(each.name);
  }
  return code();
}

bool ElementType::is_supported() const noexcept {
  constexpr std::uint32_t size_max = std::numeric_limits<std::int32_t>::max();
  if (static_cast<std::size_t>(kind) >= letters.size() || size == 0 || size > size_max)
    return false;
  if (unit() == 1 && order != std::endian::little) return false;
  if (kind == ElementKind::bytes) return true;
  if (kind == ElementKind::text) return size % 4 == 0;
  return is_listed(letter_of(kind), size);
}

std::uint32_t ElementType::unit() const noexcept {
  switch (kind) {
    case ElementKind::bytes:
      return 1;
    case ElementKind::text:
      return 4;
    case ElementKind::complex:
      return size / 2;
    default:
      return size;
  }
}

ElementType ElementType::native() const noexcept {
  return {kind, size, unit() == 1 ? std::endian::little : std::endian::native};
}

}  // namespace structwire::ndarray
