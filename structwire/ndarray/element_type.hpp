// SPDX-License-Identifier: Apache-2.0
#pragma once

// ElementType: what the elements of an array are, numpy's dtype. A whitelist of what plain bytes
// can say: Booleans, integers of 1 to 8 bytes, floats of 2, 4 and 8, complex numbers of 8 and 16,
// bytes and text of a fixed length, each in either byte order. Python objects are refused (their
// bytes are a pickle, which runs code when it is read), and so are structured types, dates and long
// doubles.

#include <bit>
#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <structwire/core/error.hpp>
#include <structwire/ndarray/half.hpp>

namespace structwire::ndarray {

enum class ElementKind : std::uint8_t {
  boolean,           ///< `b`: one byte, 0 or 1.
  signed_integer,    ///< `i`
  unsigned_integer,  ///< `u`
  floating,          ///< `f`: IEEE 754 of 2, 4 or 8 bytes.
  complex,           ///< `c`: two floats, the real part first.
  bytes,             ///< `S`: bytes, filled up with zeros.
  text,              ///< `U`: code points of 4 bytes (UTF-32), filled up with zeros.
};

/// A plain value. One byte has no order: such types, and bytes, say `little`.
struct ElementType {
  ElementKind kind = ElementKind::floating;
  std::uint32_t size = 8;  ///< Bytes of one element.
  std::endian order = std::endian::little;

  /// Reads numpy's `dtype.str` (`<f8`, `>i2`, `|b1`, `|S5`, `<U3`) and `str(dtype)` (`float64`). A
  /// name, and a code without byte order, is little-endian. Errors: `unsupported` for what numpy
  /// has and this list has not, `refused` for Python objects, `invalid_text` for what is no dtype.
  static Result<ElementType> parse(std::string_view text);

  /// numpy's `dtype.str`, as `.npy` files hold it: `<f8`, `|u1`.
  std::string code() const;
  /// numpy's `str(dtype)` on a little-endian machine: `float64`, `>f8`, `|S5`, `<U3`.
  std::string name() const;

  /// False for members that say no type: an integer of three bytes.
  bool is_supported() const noexcept;
  /// Bytes that are swapped together: 8 for a complex number of 16, 4 for text, 1 for bytes.
  std::uint32_t unit() const noexcept;
  /// True when elements are stored as this machine computes with them.
  bool is_native() const noexcept { return unit() == 1 || order == std::endian::native; }
  /// The same type in this machine's byte order.
  ElementType native() const noexcept;

  friend bool operator==(const ElementType&, const ElementType&) noexcept = default;
};

/// The types that elements can be viewed as.
template <class T>
concept Element =
    std::same_as<T, bool> || std::same_as<T, Half> || std::same_as<T, float> ||
    std::same_as<T, double> || std::same_as<T, std::complex<float>> ||
    std::same_as<T, std::complex<double>> ||
    (std::integral<T> && sizeof(T) <= 8 && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
     !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>);

/// The ElementType of a C++ type, in this machine's byte order.
template <Element T>
inline constexpr ElementType element_type_of = [] {
  constexpr ElementKind kind = std::same_as<T, bool>     ? ElementKind::boolean
                               : std::signed_integral<T> ? ElementKind::signed_integer
                               : std::integral<T>        ? ElementKind::unsigned_integer
                               : sizeof(T) > 8 || std::same_as<T, std::complex<float>>
                                   ? ElementKind::complex
                                   : ElementKind::floating;
  return ElementType{kind, sizeof(T), sizeof(T) == 1 ? std::endian::little : std::endian::native};
}();

}  // namespace structwire::ndarray
