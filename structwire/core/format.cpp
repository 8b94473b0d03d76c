// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/format.hpp>

#include <algorithm>

namespace structwire {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view without_parameters(std::string_view type) noexcept {
  type = type.substr(0, type.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  return type;
}

}  // namespace

const Format* find_format(std::span<const Format* const> formats, std::string_view name_or_type) noexcept {
  const std::string_view wanted = without_parameters(name_or_type);
  const auto matches = [&](std::string_view candidate) { return equal_ignoring_case(candidate, wanted); };
  for (const Format* format : formats) {
    if (matches(format->name) || std::ranges::any_of(format->media_types, matches) ||
        std::ranges::any_of(format->endings, matches)) {
      return format;
    }
  }
  return nullptr;
}

}  // namespace structwire
