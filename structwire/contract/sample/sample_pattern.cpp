// SPDX-License-Identifier: Apache-2.0
//
// Text for a pattern: random walks through the automaton that the matcher simulates. What a walk cannot see (places
// such as ^ and \b) the matcher itself judges afterwards.
#include <structwire/contract/sample/sample_scalar.hpp>

#include <algorithm>

#include <structwire/core/pattern.hpp>

namespace structwire::contract {
namespace {

using namespace pattern_matching;

constexpr int walks_max = 400;
constexpr int steps_max = 20'000;

void append_code_point(std::string& text, std::uint32_t point) {
  const auto add = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xc0 | point >> 6);
    add(0x80 | (point & 63));
  } else if (point < 0x10000) {
    add(0xe0 | point >> 12);
    add(0x80 | (point >> 6 & 63));
    add(0x80 | (point & 63));
  } else {
    add(0xf0 | point >> 18);
    add(0x80 | (point >> 12 & 63));
    add(0x80 | (point >> 6 & 63));
    add(0x80 | (point & 63));
  }
}

bool starts_code_point(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

bool has(const CharacterClass& set, unsigned character) { return (set.ascii[character / 64] >> character % 64 & 1) != 0; }

// Printing characters where the class has any.
std::uint32_t member_of(const CharacterClass& set, const Program& program, Choice& random) {
  for (int i = 0; i < 64; ++i) {
    const auto character = static_cast<unsigned>(' ' + random.bits() % 95);
    if (has(set, character)) return character;
  }
  for (unsigned character = 127;; --character) {
    if (has(set, character)) return character;
    if (character == 0) break;
  }
  return set.range_count == 0 ? 'a' : program.ranges[set.first_range].first;
}

bool walk(const Program& program, Choice& random, std::string& text) {
  // Each walk has its own liking for one side of every branch, so that short and long texts come up.
  const std::uint64_t liking = 1 + random.bits() % 15;
  std::size_t at = 0;
  for (int steps = 0; steps < steps_max; ++steps) {
    const Instruction& instruction = program.code[at];
    const auto there = static_cast<std::size_t>(static_cast<std::int64_t>(at) + instruction.operand);
    switch (instruction.operation) {
      case Operation::character:
        append_code_point(text, static_cast<std::uint32_t>(instruction.operand));
        break;
      case Operation::one_of:
        append_code_point(text, member_of(program.classes[static_cast<std::size_t>(instruction.operand)], program, random));
        break;
      case Operation::jump: at = there; continue;
      case Operation::split:
        if (random.bits() % 16 >= liking) {
          at = there;
          continue;
        }
        break;
      case Operation::found: return true;
      default: break;
    }
    ++at;
  }
  return false;
}

}  // namespace

std::optional<std::string> pattern_sample(std::string_view pattern, std::uint64_t min_length, std::uint64_t max_length,
                                          Choice& choice) {
  const auto parsed = parse(pattern);
  if (!parsed) return std::nullopt;
  const Program program{parsed->code, parsed->classes, parsed->ranges, parsed->anchored};
  Choice random(Choice::Way::random, choice.is_random() ? choice.bits() : choice.below(1000));
  for (int i = 0; i < walks_max; ++i) {
    std::string text;
    if (!walk(program, random, text)) continue;
    const auto length = static_cast<std::uint64_t>(std::ranges::count_if(text, starts_code_point));
    if (length < min_length || length > max_length) continue;
    if (search(program, text)) return text;
  }
  return std::nullopt;
}

}  // namespace structwire::contract
