// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/pattern.hpp>

#include <structwire/core/utf8.hpp>

// All ways through the automaton at once, one code point after the other, after Thompson ("Regular
// Expression Search Algorithm", 1968): an instruction is looked at no more than once per place in
// the text.

namespace structwire::pattern_matching {
namespace {

constexpr bool is_word(std::uint32_t code) noexcept {
  return code < 0x80 && ((code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
                         code == '_' || (code >= 'a' && code <= 'z'));
}

// A place in the text, between two code points.
struct Place {
  bool start;
  bool end;
  bool before_last_line_feed;
  bool word_before;
  bool word_after;

  bool holds(Operation operation) const noexcept {
    switch (operation) {
      case Operation::at_start:
        return start;
      case Operation::at_end:
        return end || before_last_line_feed;
      case Operation::at_very_end:
        return end;
      case Operation::at_word_edge:
        return word_before != word_after;
      default:
        return word_before == word_after;
    }
  }
};

class Search {
 public:
  explicit Search(const Program& program) noexcept
      : program_(program), words_((program.code.size() + 63) / 64) {}

  bool run(std::string_view text) noexcept;
  std::size_t steps() const noexcept { return steps_; }

 private:
  void add(std::size_t at) noexcept {
    std::uint64_t& word = seen_[at / 64];
    const std::uint64_t bit = std::uint64_t{1} << at % 64;
    if ((word & bit) != 0) return;
    word |= bit;
    pending_[pending_count_++] = static_cast<std::uint16_t>(at);
  }
  void add_from(std::size_t at, std::int32_t operand) noexcept {
    add(at + static_cast<std::size_t>(static_cast<std::ptrdiff_t>(operand)));
  }
  void forget() noexcept { std::fill_n(seen_.begin(), words_, 0); }
  bool follow(const Place& place) noexcept;
  void consume(std::uint32_t code) noexcept;
  bool takes(const Instruction& instruction, std::uint32_t code) const noexcept;
  bool in_ranges(const CharacterClass& set, std::uint32_t code) const noexcept;

  const Program& program_;
  const std::size_t words_;
  std::size_t steps_ = 0;
  std::size_t pending_count_ = 0;
  std::size_t waiting_count_ = 0;
  std::array<std::uint64_t, program_max / 64> seen_;  // Instructions reached at this place.
  std::array<std::uint16_t, program_max> pending_;  // Those of them that are still to be followed,
  std::array<std::uint16_t, program_max> waiting_;  // and those that wait for a code point.
};

// Goes on from every pending instruction to those that wait for a code point; true when one is the
// end.
bool Search::follow(const Place& place) noexcept {
  waiting_count_ = 0;
  while (pending_count_ != 0) {
    const std::size_t at = pending_[--pending_count_];
    const Instruction instruction = program_.code[at];
    ++steps_;
    switch (instruction.operation) {
      case Operation::character:
      case Operation::one_of:
        waiting_[waiting_count_++] = static_cast<std::uint16_t>(at);
        break;
      case Operation::jump:
        add_from(at, instruction.operand);
        break;
      case Operation::split:
        add(at + 1);
        add_from(at, instruction.operand);
        break;
      case Operation::found:
        return true;
      default:
        if (place.holds(instruction.operation)) add(at + 1);
    }
  }
  return false;
}

bool Search::in_ranges(const CharacterClass& set, std::uint32_t code) const noexcept {
  std::size_t low = set.first_range;
  std::size_t high = low + set.range_count;
  while (low != high) {
    const std::size_t middle = (low + high) / 2;
    if (program_.ranges[middle].last < code) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low != set.first_range + set.range_count && program_.ranges[low].first <= code;
}

bool Search::takes(const Instruction& instruction, std::uint32_t code) const noexcept {
  const auto operand = static_cast<std::uint32_t>(instruction.operand);
  if (instruction.operation == Operation::character) return operand == code;
  const CharacterClass& set = program_.classes[operand];
  return code < 0x80 ? (set.ascii[code / 64] >> code % 64 & 1) != 0 : in_ranges(set, code);
}

void Search::consume(std::uint32_t code) noexcept {
  forget();
  for (std::size_t i = 0; i < waiting_count_; ++i) {
    const std::size_t at = waiting_[i];
    if (takes(program_.code[at], code)) add(at + 1);
  }
}

bool Search::run(std::string_view text) noexcept {
  forget();
  Place place{.start = true,
              .end = false,
              .before_last_line_feed = false,
              .word_before = false,
              .word_after = false};
  for (std::size_t at = 0;;) {
    const bool end = at == text.size();
    const utf8::CodePoint point = end ? utf8::CodePoint{} : utf8::code_point_at(text, at);
    place.end = end;
    place.before_last_line_feed = at + 1 == text.size() && text[at] == '\n';
    place.word_after = !end && is_word(point.code);
    if (place.start || !program_.anchored) add(0);
    if (follow(place)) return true;
    if (end || (waiting_count_ == 0 && program_.anchored)) return false;
    consume(point.code);
    at += point.length;
    place.start = false;
    place.word_before = place.word_after;
  }
}

}  // namespace

bool search(const Program& program, std::string_view text, std::size_t& steps) noexcept {
  Search search(program);
  const bool found = search.run(text);
  steps += search.steps();
  return found;
}

bool search(const Program& program, std::string_view text) noexcept {
  std::size_t steps = 0;
  return search(program, text, steps);
}

}  // namespace structwire::pattern_matching
