// SPDX-License-Identifier: Apache-2.0
#pragma once

// MessagePack extension types: the registry. A type takes a code by specializing extension_for:
//
//   template <> struct structwire::extension_for<Complex> {
//     static constexpr std::int8_t code = 1;
//     static Bytes to_bytes(const Complex& value);
//     static std::expected<Complex, std::string> from_bytes(std::span<const std::byte> bytes);
//   };
//   template <> struct structwire::extension_code<1> { using type = Complex; };
//
// A type whose bytes are many, and lie in it as they are but for what stands before them, gives them in two pieces as
// well. A format that carries extensions then copies them once, into its output:
//
//     static ExtensionPieces to_pieces(const Complex& value);
//
// The second line makes a code that is taken twice fail to compile. Codes of structwire itself: -1 timestamp
// (the format's own), 3 Arrow schema, 4 n-dimensional array; MessagePack keeps -128..-1 for itself. Other
// formats carry an extension as they carry an Ext (docs/formats). Unknown codes stay Ext{code, bytes}.

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace structwire {

/// The bytes of an extension: what to_bytes() returns, one piece behind the other. The second is borrowed from the value.
struct ExtensionPieces {
  std::vector<std::byte> head;
  std::span<const std::byte> body;
};

template <class T>
struct extension_for {};

/// Who has a code; not defined for free ones.
template <std::int8_t Code>
struct extension_code;

inline constexpr std::int8_t timestamp_extension = -1;
inline constexpr std::int8_t arrow_schema_extension = 3;
inline constexpr std::int8_t array_extension = 4;

namespace extension_detail {
template <class T, class = void>
inline constexpr bool is_registered = false;
template <class T>
inline constexpr bool is_registered<T, std::void_t<decltype(extension_for<T>::code)>> = [] {
  constexpr std::int8_t code = extension_for<T>::code;
  static_assert(requires { typename extension_code<code>::type; },
                "structwire: register the code: `template <> struct structwire::extension_code<N> { using type = T; };`");
  if constexpr (requires { typename extension_code<code>::type; }) {
    static_assert(std::is_same_v<typename extension_code<code>::type, T>,
                  "structwire: this extension code belongs to another type");
  }
  return true;
}();
}  // namespace extension_detail

template <class T>
concept ExtensionType = extension_detail::is_registered<T>;

}  // namespace structwire
