// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a JSON value ends, in bytes that come piece by piece (the contract: core/scanner.hpp).
//
// An array or object ends with the bracket that closes the first one, of whatever kind; a text with
// its quote; a word with its last letter; a number in front of the first byte that cannot go on
// with it. So a value that decodes ends where the scanner says.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace structwire::json {

class Scanner {
 public:
  std::optional<std::size_t> find_end(std::span<const std::byte> bytes) noexcept;
  std::size_t least_to_come() const noexcept { return depth_ + in_text_ + word_left_; }

 private:
  enum class Shape : std::uint8_t { unknown, nested, text, word, number };
  enum class Digits : std::uint8_t { integer, fraction, exponent_mark, exponent };

  bool begin(char first) noexcept;
  bool step(char c) noexcept;
  const char* nested_end(const char* at, const char* end) noexcept;
  const char* text_end(const char* at, const char* end) noexcept;
  const char* word_end(const char* at, const char* end) noexcept;
  const char* number_end(const char* at, const char* end) noexcept;

  Shape shape_ = Shape::unknown;
  bool in_text_ = false;
  bool escaped_ = false;  ///< The next byte stands behind a backslash.
  Digits digits_ = Digits::integer;
  std::size_t word_left_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace structwire::json
