// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts the instructions of a pattern together (core/pattern_program.hpp), in the order in which the
// parser reads it. What was read last can still be repeated or become an alternative: instructions
// are relative, so a piece is moved and copied as it is.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <structwire/core/config.hpp>
#include <structwire/core/pattern_classes.hpp>
#include <structwire/core/pattern_program.hpp>

namespace structwire::pattern_matching {

/// A program that owns its memory.
struct OwnedProgram {
  std::vector<Instruction> code;
  std::vector<CharacterClass> classes;
  std::vector<Range> ranges;
  bool anchored = false;
  /// Valid as long as this object lives and stays as it is.
  constexpr Program view() const noexcept { return {code, classes, ranges, anchored}; }
};

/// How often; `high` may be `unbounded`.
struct Repeat {
  std::size_t low = 0;
  std::size_t high = 0;
};
inline constexpr std::size_t unbounded = static_cast<std::size_t>(-1);

inline namespace STRUCTWIRE_INLINE {

class Assembler {
 public:
  constexpr std::size_t size() const { return out_.code.size(); }

  constexpr void add(Operation operation, std::ptrdiff_t operand = 0) {
    out_.code.push_back({operation, static_cast<std::int32_t>(operand)});
  }
  constexpr void add_class(const CodePointSet& set) {
    add(Operation::one_of, static_cast<std::ptrdiff_t>(set.position_in(out_.classes, out_.ranges)));
  }

  constexpr void open_group() { groups_.push_back({size(), size(), 0}); }

  // Before the alternative a way to the next one, behind it a jump to the group's end.
  constexpr void next_alternative() {
    Group& group = groups_.back();
    const auto length = static_cast<std::int32_t>(size() - group.alternative);
    out_.code.insert(out_.code.begin() + static_cast<std::ptrdiff_t>(group.alternative),
                     {Operation::split, length + 2});
    add(Operation::jump, static_cast<std::ptrdiff_t>(group.last_jump));
    group.last_jump = size() - 1;
    group.alternative = size();
  }

  /// Returns the group's first instruction.
  constexpr std::size_t close_group() {
    const Group group = groups_.back();
    groups_.pop_back();
    for (std::size_t jump = group.last_jump; jump != 0;) {
      std::int32_t& operand = out_.code[jump].operand;
      const auto before = static_cast<std::size_t>(operand);
      operand = static_cast<std::int32_t>(size() - jump);
      jump = before;
    }
    return group.begin;
  }

  /// Instructions that `repeat_from` will have put in the place of those from `begin`, less those.
  constexpr std::size_t growth_of(std::size_t begin, Repeat repeat) const {
    const std::size_t length = size() - begin;
    std::size_t needed = repeat.low * length;
    if (repeat.high != unbounded) {
      needed += (repeat.high - repeat.low) * (length + 1);
    } else {
      needed += repeat.low != 0 ? 1 : length + 2;
    }
    return needed < length ? 0 : needed - length;
  }

  /// Repeats all from `begin` on.
  constexpr void repeat_from(std::size_t begin, Repeat repeat) {
    if (repeat.low == 1 && repeat.high == 1) return;
    const std::vector<Instruction> piece(out_.code.begin() + static_cast<std::ptrdiff_t>(begin),
                                         out_.code.end());
    const auto length = static_cast<std::ptrdiff_t>(piece.size());
    out_.code.resize(begin);
    for (std::size_t i = 0; i < repeat.low; ++i) append(piece);
    if (repeat.high != unbounded) {
      for (std::size_t left = repeat.high - repeat.low; left != 0; --left) {
        add(Operation::split, static_cast<std::ptrdiff_t>(left) * (length + 1));
        append(piece);
      }
    } else if (repeat.low != 0) {
      add(Operation::split, -length);
    } else {
      add(Operation::split, length + 2);
      append(piece);
      add(Operation::jump, -length - 1);
    }
  }

  constexpr OwnedProgram finish() && {
    close_group();
    add(Operation::found);
    out_.anchored = is_anchored();
    return std::move(out_);
  }

 private:
  struct Group {
    std::size_t begin;
    std::size_t alternative;  // The first instruction of the alternative that is being read.
    std::size_t last_jump;    // To the group's end: a chain through their operands; 0 ends it.
  };

  constexpr void append(const std::vector<Instruction>& code) {
    out_.code.insert(out_.code.end(), code.begin(), code.end());
  }

  // Whether only ^ leads from the start to a character or to the end.
  constexpr bool is_anchored() const {
    std::vector<char> seen(size(), '\0');
    std::vector<std::size_t> pending{0};
    while (!pending.empty()) {
      const std::size_t at = pending.back();
      pending.pop_back();
      if (seen[at] != 0) continue;
      seen[at] = 1;
      const auto [operation, operand] = out_.code[at];
      if (operation == Operation::at_start) continue;
      if (takes_a_character(operation) || operation == Operation::found) return false;
      if (operation == Operation::jump || operation == Operation::split) {
        pending.push_back(at + static_cast<std::size_t>(static_cast<std::ptrdiff_t>(operand)));
      }
      if (operation != Operation::jump) pending.push_back(at + 1);
    }
    return true;
  }

  static constexpr bool takes_a_character(Operation operation) {
    return operation == Operation::character || operation == Operation::one_of;
  }

  OwnedProgram out_;
  std::vector<Group> groups_{{0, 0, 0}};  // The whole pattern is the outermost group.
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::pattern_matching
