// SPDX-License-Identifier: Apache-2.0
#pragma once

// Wire names made from member names. The first five styles are those of msgspec 0.22, letter for letter
// (`lower`, `upper`, `camel`, `pascal`, `kebab`); snake and screaming_snake are for camelCase members.

#include <array>
#include <cstddef>
#include <string_view>

#include <structwire/core/rules.hpp>

namespace structwire::name_style {

constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) noexcept { return is_upper(c) || (c >= 'a' && c <= 'z'); }
constexpr char lower(char c) noexcept { return is_upper(c) ? static_cast<char>(c + 32) : c; }
constexpr char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

template <class Put>
constexpr void put_each(std::string_view name, Put put, char (*change)(char)) {
  for (const char c : name) put(change(c));
}

// Parts between underscores lose them and begin with a capital; leading underscores stay. Capitals inside a
// part, and letters behind digits, follow Python's str.title, which the original uses.
template <class Put>
constexpr void put_joined(std::string_view name, Put put, bool first_is_kept) {
  std::size_t i = 0;
  while (i < name.size() && name[i] == '_') put(name[i++]);
  bool first = true;
  while (i < name.size()) {
    bool at_start = true;
    for (; i < name.size() && name[i] != '_'; ++i) {
      put(first && first_is_kept ? name[i] : at_start ? upper(name[i]) : lower(name[i]));
      at_start = !is_letter(name[i]);
    }
    while (i < name.size() && name[i] == '_') ++i;
    first = false;
  }
}

template <class Put>
constexpr void put_kebab(std::string_view name, Put put) {
  while (!name.empty() && name.front() == '_') name.remove_prefix(1);
  while (!name.empty() && name.back() == '_') name.remove_suffix(1);
  for (const char c : name) put(c == '_' ? '-' : c);
}

// An underscore before each capital that begins a word: `someHTTPName` is `some_http_name`.
template <class Put>
constexpr void put_snake(std::string_view name, Put put, char (*change)(char)) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool word_before = i > 0 && name[i - 1] != '_' && !is_upper(name[i - 1]);
    const bool ends_capitals = i > 0 && is_upper(name[i - 1]) && i + 1 < name.size() && is_letter(name[i + 1]) &&
                               !is_upper(name[i + 1]);
    if (is_upper(name[i]) && (word_before || ends_capitals)) put('_');
    put(change(name[i]));
  }
}

/// Calls put(char) for each character of `name` in `style`.
template <class Put>
constexpr void write(std::string_view name, NameStyle style, Put put) {
  switch (style) {
    case NameStyle::declared: return put_each(name, put, [](char c) { return c; });
    case NameStyle::lower: return put_each(name, put, lower);
    case NameStyle::upper: return put_each(name, put, upper);
    case NameStyle::camel: return put_joined(name, put, true);
    case NameStyle::pascal: return put_joined(name, put, false);
    case NameStyle::kebab: return put_kebab(name, put);
    case NameStyle::snake: return put_snake(name, put, lower);
    case NameStyle::screaming_snake: return put_snake(name, put, upper);
  }
}

constexpr std::size_t size(std::string_view name, NameStyle style) {
  std::size_t count = 0;
  write(name, style, [&](char) { ++count; });
  return count;
}

template <const std::string_view& Name, NameStyle Style>
inline constexpr auto characters = [] {
  std::array<char, size(Name, Style) + 1> text{};
  std::size_t next = 0;
  write(Name, Style, [&](char c) { text[next++] = c; });
  return text;
}();

/// The name in the style, with static storage.
template <const std::string_view& Name, NameStyle Style>
constexpr std::string_view restyled() noexcept {
  if constexpr (Style == NameStyle::declared) {
    return Name;
  } else {
    constexpr const auto& text = characters<Name, Style>;
    return {text.data(), text.size() - 1};
  }
}

}  // namespace structwire::name_style
