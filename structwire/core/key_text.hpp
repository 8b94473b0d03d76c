// SPDX-License-Identifier: Apache-2.0
#pragma once

// The text of a map key, in formats whose keys are text. Numbers are written as JSON numbers, bytes as base64 or as a
// rule of the key's type says, enums by their name or integer, what has a codec in its wire form, everything with a
// text form of its own in that. The way back: key_reader.hpp.

#include <string>
#include <string_view>
#include <variant>

#include <structwire/core/base16.hpp>
#include <structwire/core/base64.hpp>
#include <structwire/core/hook.hpp>
#include <structwire/core/key_reader.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/types.hpp>

namespace structwire {

/// Bytes as text in this style.
template <BytesStyle Style>
std::string bytes_text(std::span<const std::byte> bytes) {
  if constexpr (Style == BytesStyle::base64) {
    return base64::encode(bytes);
  } else if constexpr (Style == BytesStyle::hex) {
    std::string text(base16::encoded_size(bytes.size()), '\0');
    base16::write(text.data(), bytes);
    return text;
  } else {
    std::string text(base64::url_encoded_size(bytes.size()), '\0');
    base64::write_url(text.data(), bytes);
    return text;
  }
}

/// False for what has no text as a key: null, booleans, containers and extensions in a Value.
template <class Key>
bool has_key_text(const Key& key) noexcept {
  if constexpr (ValueType<Key>) {
    return key.template get_if<std::string>() != nullptr || key.template get_if<Bytes>() != nullptr ||
           key.template get_if<std::int64_t>() != nullptr || key.template get_if<std::uint64_t>() != nullptr ||
           key.template get_if<double>() != nullptr;
  } else {
    return true;
  }
}

/// Empty for a Value that has none.
inline std::string dynamic_key_text(const Value& key) {
  if (const auto* text = key.get_if<std::string>()) return *text;
  if (const auto* bytes = key.get_if<Bytes>()) return base64::encode(*bytes);
  if (const auto* number = key.get_if<std::int64_t>()) return number_text(*number);
  if (const auto* number = key.get_if<std::uint64_t>()) return number_text(*number);
  if (const auto* number = key.get_if<double>()) return number_text(*number);
  return {};
}

/// `List`: the rules that stand around the key.
template <class List = RuleList<>, class Key>
std::string key_text(const Key& key) {
  constexpr Shape shape = shape_of<Key>;
  if constexpr (CodecOf<CodecFrom<List>, Key>) {
    return key_text(CodecFrom<List>::to_wire(key));
  } else if constexpr (!is_text_key<Key>) {
    static_assert(is_text_key<Key>, "structwire: this type cannot be a key in a format whose keys are text");
    return {};
  } else if constexpr (shape == Shape::text) {
    return std::string(std::string_view(key));
  } else if constexpr (shape == Shape::integer && std::is_signed_v<Key>) {
    return number_text(static_cast<std::int64_t>(key));
  } else if constexpr (shape == Shape::integer) {
    return number_text(static_cast<std::uint64_t>(key));
  } else if constexpr (shape == Shape::floating) {
    return number_text(static_cast<double>(key));
  } else if constexpr (shape == Shape::bytes) {
    return bytes_text<List::first(rule::BytesText{BytesStyle::base64}).style>(key);
  } else if constexpr (shape == Shape::value) {
    return dynamic_key_text(key);
  } else if constexpr (shape == Shape::annotated) {
    return key_text<JoinedRules<List, annotation_rules<Key>>>(plain(key));
  } else if constexpr (shape == Shape::coded) {
    return key_text(codec_for<Key>::to_wire(key));
  } else if constexpr (shape == Shape::variant) {
    return std::visit([](const auto& held) { return key_text<AlternativeRules<List>>(held); }, key);
  } else if constexpr (shape == Shape::literal) {
    return key.visit([]<class C>(const C& constant) -> std::string {
      if constexpr (std::is_same_v<C, std::string_view>) {
        return std::string(constant);
      } else if constexpr (std::is_same_v<C, std::int64_t>) {
        return number_text(constant);
      } else {
        return {};
      }
    });
  } else if constexpr (shape == Shape::text_scalar) {
    std::string text(TextScalar<Key>::text_bound(key), '\0');
    text.resize(static_cast<std::size_t>(TextScalar<Key>::write(text.data(), key) - text.data()));
    return text;
  } else {
    static_assert(shape == Shape::enumeration);
    constexpr const auto& table = enum_table<Key>;
    if constexpr (table.named) {
      const std::size_t position = table.position(key);
      if (position < table.names.size()) return std::string(table.names[position]);
    }
    return key_text(static_cast<std::underlying_type_t<Key>>(key));
  }
}

/// A key as paths show it: text in quotes, other keys as their text; nothing where a codec throws.
template <class List = RuleList<>, class Key>
std::string shown_key(const Key& key) {
  if constexpr (CodecOf<CodecFrom<List>, Key> || shape_of<Key> == Shape::coded) {
    using Codec = std::conditional_t<CodecOf<CodecFrom<List>, Key>, CodecFrom<List>, codec_for<Key>>;
    std::string shown;
    static_cast<void>(hook::guarded([&]() -> hook::Refusal {
      shown = shown_key(Codec::to_wire(key));
      return std::nullopt;
    }));
    return shown;
  } else if constexpr (TextType<Key>) {
    return shown_key_text(key);
  } else if constexpr (AnnotatedType<Key>) {
    return shown_key<JoinedRules<List, annotation_rules<Key>>>(plain(key));
  } else if constexpr (ValueType<Key>) {
    const auto* text = key.template get_if<std::string>();
    return text == nullptr ? std::string() : shown_key_text(*text);
  } else if constexpr (is_text_key<Key>) {
    return key_text<List>(key);
  } else {
    return {};
  }
}

}  // namespace structwire
