// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a pattern becomes (core/pattern.hpp): the instructions of a nondeterministic automaton,
// after Thompson. Offsets are relative, so that a repeated piece is copied as it is.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace structwire::pattern_matching {

/// Instructions of one program. The memory of a search is sized by it.
inline constexpr std::size_t program_max = 4096;
/// The largest number in a `{n,m}`.
inline constexpr std::size_t repeat_max = 1000;

enum class Operation : std::uint8_t {
  character,         ///< The code point `operand`.
  one_of,            ///< A code point of class number `operand`.
  jump,              ///< Go on at `operand` from here.
  split,             ///< Go on at the next instruction, and at `operand` from here.
  at_start,          ///< ^ and \A
  at_end,            ///< $
  at_very_end,       ///< \Z
  at_word_edge,      ///< \b
  not_at_word_edge,  ///< \B
  found,
};

struct Instruction {
  Operation operation = Operation::found;
  std::int32_t operand = 0;
};

/// Code points from `first` to `last`, both included.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  friend constexpr bool operator==(const Range&, const Range&) = default;
};

/// A set of code points: a bit for each of ASCII, and the others as ascending ranges in the
/// program's pool.
struct CharacterClass {
  std::array<std::uint64_t, 2> ascii{};
  std::uint32_t first_range = 0;
  std::uint32_t range_count = 0;
};

/// A view: the instructions live elsewhere, for compiled patterns in static memory.
struct Program {
  std::span<const Instruction> code;
  std::span<const CharacterClass> classes;
  std::span<const Range> ranges;
  bool anchored = false;  ///< Nothing matches that does not begin at the text's start.
};

}  // namespace structwire::pattern_matching
