// SPDX-License-Identifier: Apache-2.0
#pragma once

// The conversions of the lax mode, from a value of another kind than the type asks for. They are msgspec's
// (its strict=False); docs/guide/lax.md has the table. Cold: only called after a kind was refused.

#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <structwire/core/text_scalar.hpp>
#include <structwire/core/value.hpp>

namespace structwire::lax {

struct Outcome {
  bool converted = false;
  const char* refusal = nullptr;  ///< Set when the conversion applies and its result is refused.
};

Outcome to_boolean(const Value& found, bool& out);
Outcome to_double(const Value& found, double& out);
Outcome to_null(const Value& found);

/// An integer of any width, from text or an integral float.
struct WideInteger {
  std::int64_t number = 0;
  std::uint64_t large = 0;  ///< Above the largest int64; else 0.
};
Outcome to_integer(const Value& found, WideInteger& out);

/// The number that a JSON number's text spells; a float when it is an integer beyond 64 bits.
Value number_value(std::string_view text);

/// What a text spells.
enum class Spelled : std::uint8_t { integer, number, boolean, null, other };
Spelled spelled(std::string_view text) noexcept;

/// A number as a text spells it.
struct Number {
  bool is_integer = false;
  std::int64_t integer = 0;
  double floating = 0;
};
bool number_in(std::string_view text, Number& out);

inline Outcome convert(const Value& found, bool& out) { return to_boolean(found, out); }
inline Outcome convert(const Value& found, std::monostate&) { return to_null(found); }
inline Outcome convert(const Value& found, double& out) { return to_double(found, out); }
inline Outcome convert(const Value& found, float& out) {
  double wide = 0;
  Outcome outcome = to_double(found, wide);
  out = static_cast<float>(wide);
  if (outcome.converted && out - out != 0 && wide - wide == 0) return {false, "Number out of range"};
  return outcome;
}

template <class Integer>
  requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
Outcome convert(const Value& found, Integer& out) {
  WideInteger wide;
  const Outcome outcome = to_integer(found, wide);
  if (!outcome.converted) return outcome;
  const auto fits = [&](auto number) {
    if (!std::in_range<Integer>(number)) return Outcome{false, "Integer value out of range"};
    out = static_cast<Integer>(number);
    return outcome;
  };
  return wide.large != 0 ? fits(wide.large) : fits(wide.number);
}

/// A text scalar from a number, where its type allows that at all.
template <class T>
  requires TextScalarType<T>
const char* from_number(const Value& number, T& out) {
  using Scalar = TextScalar<T>;
  if constexpr (requires { Scalar::from_number(0.0, out); }) {
    if (const auto* integer = number.get_if<std::int64_t>()) return Scalar::from_number(*integer, out);
    if (const auto* large = number.get_if<std::uint64_t>()) {
      if constexpr (requires { Scalar::from_number(*large, out); }) return Scalar::from_number(*large, out);
      return Scalar::from_number(static_cast<double>(*large), out);
    }
    if (const auto* floating = number.get_if<double>()) return Scalar::from_number(*floating, out);
  }
  return "";
}

template <class T>
  requires TextScalarType<T>
Outcome convert(const Value& found, T& out) {
  const char* refusal = from_number(found, out);
  if (refusal == nullptr) return {true, nullptr};
  return {false, *refusal == '\0' ? nullptr : refusal};
}

/// A text scalar from text that its grammar refused: a number, when it is one. `refusal` is replaced when the
/// number is refused.
template <class T>
  requires TextScalarType<T>
bool convert_text(std::string_view text, T& out, const char*& refusal) {
  using Scalar = TextScalar<T>;
  Number number;
  if constexpr (requires { Scalar::from_number(0.0, out); }) {
    if (!number_in(text, number)) return false;
    const char* answer = number.is_integer ? Scalar::from_number(number.integer, out)
                                           : Scalar::from_number(number.floating, out);
    if (answer == nullptr) return true;
    refusal = answer;
  }
  return false;
}

}  // namespace structwire::lax
