// SPDX-License-Identifier: Apache-2.0
#pragma once

// Patterns: the regular expressions behind the member rule `pattern<"^[a-z_][a-z0-9_-]*$">`.
//
// A pattern is parsed while the program is compiled (core/pattern_parse.hpp) into a constant
// Program; one that is outside the dialect does not compile. At run time `search` simulates the
// Program's automaton: time linear in the text for every pattern, no recursion, no heap, no
// backtracking.
//
// The dialect (docs/guide/patterns.md): what Python's `re` means with the flag re.ASCII and no
// other, or a refusal.
//
//   characters   themselves, as Unicode code points; `.` is any but a line feed
//   escapes      \n \t \r \f \v, \xHH, \uHHHH, \ before anything that is no ASCII letter or digit
//   classes      [a-z_], [^…], and \d \w \s \D \W \S, which are ASCII: \w is [A-Za-z0-9_]
//   groups       ( ) and (?: ), alternatives |
//   repeats      * + ? {n} {n,} {,m} {n,m} up to 1,000 times, lazy ones with ? as well (the answer is the same)
//   places       ^ and \A the start; $ the end, or before a line feed that ends the text; \Z the end; \b \B
//
// Refused, each with its own sentence: back references, look-around, inline flags, named and other
// groups, possessive repeats, unbalanced brackets, repeats above 1,000, programs above 4,096
// instructions.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <structwire/core/pattern_parse.hpp>
#include <structwire/core/rules.hpp>

namespace structwire {
namespace pattern_matching {

/// True when the pattern matches somewhere in `text`, as Python's re.search. `text` is valid UTF-8;
/// in bytes that are not, each counts as U+FFFD. Time: at most `program.code.size()` steps per code
/// point. About 17 KiB of stack.
bool search(const Program& program, std::string_view text) noexcept;

/// The same, and adds the number of steps to `steps`.
bool search(const Program& program, std::string_view text, std::size_t& steps) noexcept;

/// The compiler prints the arguments: what is refused, and at which byte of the pattern.
template <auto What, class Where>
struct Refused {
  static_assert(sizeof(Where) == 0,
                "the pattern is outside the dialect, see the arguments of Refused");
};
template <int Byte>
struct AtByte {};
template <std::size_t Size>
struct What {
  char text[Size + 1]{};
  consteval explicit What(std::string_view what) { std::copy(what.begin(), what.end(), text); }
};

template <std::size_t Code, std::size_t Classes, std::size_t Ranges>
struct Storage {
  std::array<Instruction, Code> code{};
  std::array<CharacterClass, Classes> classes{};
  std::array<Range, Ranges> ranges{};
  bool anchored = false;
  constexpr Program program() const noexcept { return {code, classes, ranges, anchored}; }
};

struct Sizes {
  Refusal refusal;
  std::size_t code = 0;
  std::size_t classes = 0;
  std::size_t ranges = 0;
};

consteval Sizes sizes_of(std::string_view text) {
  const auto parsed = parse(text);
  if (!parsed) return {.refusal = parsed.error()};
  return {{}, parsed->code.size(), parsed->classes.size(), parsed->ranges.size()};
}

template <FixedText Text>
consteval auto stored() {
  constexpr Sizes sizes = sizes_of(Text.view());
  if constexpr (sizes.refusal.what.empty()) {
    Storage<sizes.code, sizes.classes, sizes.ranges> storage;
    const auto parsed = parse(Text.view());
    std::copy(parsed->code.begin(), parsed->code.end(), storage.code.begin());
    std::copy(parsed->classes.begin(), parsed->classes.end(), storage.classes.begin());
    std::copy(parsed->ranges.begin(), parsed->ranges.end(), storage.ranges.begin());
    storage.anchored = parsed->anchored;
    return storage;
  } else {
    constexpr What<sizes.refusal.what.size()> what(sizes.refusal.what);
    static_assert(sizeof(Refused<what, AtByte<static_cast<int>(sizes.refusal.at)>>) != 0);
    return Storage<0, 0, 0>{};
  }
}

template <FixedText Text>
inline constexpr auto storage = stored<Text>();

}  // namespace pattern_matching

/// The program of a pattern, made by the compiler. Its memory is static.
template <FixedText Text>
inline constexpr pattern_matching::Program compiled_pattern =
    pattern_matching::storage<Text>.program();

}  // namespace structwire
