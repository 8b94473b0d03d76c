// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keys of maps in formats whose keys are text: the text of a key, and a key from its text. Numbers are
// written as JSON numbers, bytes as base64, enums by their name or integer.

#include <charconv>
#include <string>
#include <string_view>

#include <structwire/core/base64.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/types.hpp>

namespace structwire {

template <class Key>
concept TextKeyType = TextType<Key> || IntegerType<Key> || FloatingType<Key> || BytesType<Key> || EnumType<Key>;

template <class Key>
std::string key_text(const Key& key) {
  if constexpr (TextType<Key>) {
    return std::string(key);
  } else if constexpr (IntegerType<Key> && std::is_signed_v<Key>) {
    return number_text(static_cast<std::int64_t>(key));
  } else if constexpr (IntegerType<Key>) {
    return number_text(static_cast<std::uint64_t>(key));
  } else if constexpr (FloatingType<Key>) {
    return number_text(static_cast<double>(key));
  } else if constexpr (BytesType<Key>) {
    return base64::encode(key);
  } else {
    constexpr const auto& table = enum_values<Key>;
    if constexpr (table.named) {
      const std::size_t position = table.position(key);
      if (position < table.names.size()) return std::string(table.names[position]);
    }
    return key_text(static_cast<std::underlying_type_t<Key>>(key));
  }
}

/// False when `text` does not spell a key of this type.
template <class Key>
bool parse_key_text(std::string_view text, Key& key) {
  if constexpr (TextType<Key>) {
    key = Key(text);
    return true;
  } else if constexpr (IntegerType<Key>) {
    const char* end = text.data() + text.size();
    return is_json_integer(text) && std::from_chars(text.data(), end, key).ec == std::errc() &&
           !(std::is_unsigned_v<Key> && text.front() == '-');
  } else if constexpr (FloatingType<Key>) {
    if (!is_json_number(text)) return false;
    key = static_cast<Key>(parse_double(text));
    return true;
  } else if constexpr (BytesType<Key>) {
    return base64::decode(text, key);
  } else {
    constexpr const auto& table = enum_values<Key>;
    if constexpr (table.named) {
      const std::size_t position = table.position(text);
      if (position == table.names.size()) return false;
      key = table.values[position];
    } else {
      std::underlying_type_t<Key> number{};
      if (!parse_key_text(text, number)) return false;
      key = static_cast<Key>(number);
      return table.position(key) < table.values.size();
    }
    return true;
  }
}

}  // namespace structwire
