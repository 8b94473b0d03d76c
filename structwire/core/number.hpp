// SPDX-License-Identifier: Apache-2.0
#pragma once

// Numbers as text, the same in JSON, in map keys and in messages.
//
// Doubles are written with the fewest digits that read back to the same double, in msgspec's form: `1.0`,
// `0.00001`, `1e-6`, `1e16`, `1.5e300`. Reading rounds correctly (to nearest, ties to even). Both lean on
// <charconv>, which is Ryu and Eisel-Lemire in libstdc++.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace structwire {

/// Most characters that one number takes.
inline constexpr std::size_t double_text_max = 25;
inline constexpr std::size_t integer_text_max = 20;

/// Writes at `out` (room for double_text_max) and returns the end. `value` must be finite.
char* write_number(char* out, double value) noexcept;
char* write_number(char* out, float value) noexcept;
char* write_number(char* out, std::int64_t value) noexcept;
char* write_number(char* out, std::uint64_t value) noexcept;

std::string number_text(double value);
std::string number_text(std::int64_t value);
std::string number_text(std::uint64_t value);

/// The number nearest to `text`, which must be a JSON number; infinity where it overflows.
double parse_double(std::string_view text) noexcept;
float parse_float(std::string_view text) noexcept;

/// True when all of `text` is a JSON number.
bool is_json_number(std::string_view text) noexcept;
/// True when all of `text` is a JSON number without fraction and exponent.
bool is_json_integer(std::string_view text) noexcept;

}  // namespace structwire
