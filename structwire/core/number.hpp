// SPDX-License-Identifier: Apache-2.0
#pragma once

// Numbers as text, the same in JSON, in map keys and in messages.
//
// Doubles are written with the fewest digits that read back to the same double, in msgspec's form: `1.0`,
// `0.00001`, `1e-6`, `1e16`, `1.5e300`. Reading rounds correctly (to nearest, ties to even).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace structwire {

/// Most characters that one number takes.
inline constexpr std::size_t double_text_max = 25;
inline constexpr std::size_t integer_text_max = 20;
/// Bytes that must be there to be written to: digits are stored eight and sixteen at a time.
inline constexpr std::size_t number_text_room = 40;

/// Writes at `out` (number_text_room bytes) and returns the end. `value` must be finite.
char* write_number(char* out, double value) noexcept;
char* write_number(char* out, float value) noexcept;
char* write_number(char* out, std::int64_t value) noexcept;
char* write_number(char* out, std::uint64_t value) noexcept;

std::string number_text(double value);
std::string number_text(std::int64_t value);
std::string number_text(std::uint64_t value);

/// Reads the longest JSON number that stands at `at`, as the nearest double or float; infinity where it overflows.
/// Returns its end, or nullptr where the text does not go on as a number must: an error reporter then looks at it.
const char* read_number(const char* at, const char* end, double& out) noexcept;
const char* read_number(const char* at, const char* end, float& out) noexcept;

/// Reads up to `count` numbers that have no more than 19 digits, no exponent and exactly a comma between them, and
/// returns how many. `at` is then behind the last of them. They stop at the first that is not so plain, and near `end`.
std::size_t read_plain_numbers(const char*& at, const char* end, double* out, std::size_t count) noexcept;
/// The same for rows of `width` >= 1 such numbers each, `[1.5,2.5],[3.5,4.5]`; of the last one the bracket too. Called row
/// by row, each would wait for several moves of the cursor through memory: a pair took 36 ns, of which 26 were numbers.
std::size_t read_plain_rows(const char*& at, const char* end, double* out, std::size_t width, std::size_t rows) noexcept;
/// Most characters that a plain number takes.
inline constexpr std::size_t plain_number_max = 21;

/// The number nearest to `text`, which must be a JSON number, though it may begin with zeros; infinity where it
/// overflows.
double parse_double(std::string_view text) noexcept;
float parse_float(std::string_view text) noexcept;

/// True when all of `text` is a JSON number.
bool is_json_number(std::string_view text) noexcept;
/// True when all of `text` is a JSON number without fraction and exponent.
bool is_json_integer(std::string_view text) noexcept;

}  // namespace structwire
