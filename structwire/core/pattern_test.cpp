// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/pattern.hpp>

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace structwire {
namespace {

// tests/pattern/ holds the dialect against Python's. Here: what is ours alone.

std::string refusal_of(std::string_view pattern) {
  const auto program = pattern_matching::parse(pattern);
  return program ? "accepted"
                 : std::string(program.error().what) + " at " + std::to_string(program.error().at);
}

std::size_t steps_of(std::string_view pattern, std::string_view text, bool expected) {
  const auto program = pattern_matching::parse(pattern);
  EXPECT_TRUE(program) << pattern;
  std::size_t steps = 0;
  EXPECT_EQ(pattern_matching::search(program->view(), text, steps), expected) << pattern;
  EXPECT_LE(steps, program->code.size() * (text.size() + 1)) << pattern;
  return steps;
}

TEST(Pattern, is_compiled_by_the_compiler) {
  constexpr const pattern_matching::Program& name = compiled_pattern<"^[a-z_][a-z0-9_-]*$">;
  static_assert(name.code.size() == 7 && name.anchored);
  static_assert(!compiled_pattern<"^a|b">.anchored && compiled_pattern<"^a|^b">.anchored);
  EXPECT_TRUE(pattern_matching::search(name, "build-7"));
  EXPECT_FALSE(pattern_matching::search(name, "Build"));
}

TEST(Pattern, compiled_and_parsed_programs_are_the_same) {
  constexpr const pattern_matching::Program& compiled =
      compiled_pattern<"(?:[à-ÿ]|\\d{2,3}|x*)+é\\b[^a]$">;
  const auto parsed = pattern_matching::parse("(?:[à-ÿ]|\\d{2,3}|x*)+é\\b[^a]$");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(compiled.code.size(), parsed->code.size());
  for (std::size_t i = 0; i < parsed->code.size(); ++i) {
    EXPECT_EQ(compiled.code[i].operation, parsed->code[i].operation);
    EXPECT_EQ(compiled.code[i].operand, parsed->code[i].operand);
  }
  EXPECT_EQ(compiled.classes.size(), parsed->classes.size());
  EXPECT_TRUE(std::ranges::equal(compiled.ranges, parsed->ranges));
}

TEST(Pattern, equal_classes_are_kept_once) {
  EXPECT_EQ(pattern_matching::parse("[a-z]{3}x[zya-y][a-z]")->classes.size(), 1u);
  EXPECT_EQ(pattern_matching::parse("[é][è][é]")->classes.size(), 2u);
}

TEST(Pattern, steps_grow_with_the_text_and_not_with_its_square) {
  const std::string few(10'000, 'a');
  const std::string many(200'000, 'a');
  for (const std::string_view pattern :
       {"(a*)*b", "(a|aa)+$x", "^(a+)+$b", "(a?){30}a{30}b", "(.*)(.*)(.*)(.*)b",
        "^(([a-z])+.)+[A-Z]([a-z])+$", "a{100}b", "(x+x+)+y|(a|a)*c"}) {
    const std::size_t steps = steps_of(pattern, few, false);
    EXPECT_LE(steps_of(pattern, many, false), 21 * steps) << pattern;
  }
  steps_of("(a|aa)+$", many, true);
  steps_of("(a*)*b", many + "b", true);
}

TEST(Pattern, an_anchored_search_ends_at_the_first_character_that_cannot_be) {
  EXPECT_LT(steps_of("^[a-f]+$", "abc!" + std::string(200'000, 'a'), false), 20u);
}

TEST(Pattern, refusals_say_what_and_where) {
  EXPECT_EQ(refusal_of("ab(a)\\1"), "back reference at 5");
  EXPECT_EQ(refusal_of("a(?=b)"), "look-around at 1");
  EXPECT_EQ(refusal_of("a(?<!b)"), "look-around at 1");
  EXPECT_EQ(refusal_of("(?i)a"), "inline flags at 0");
  EXPECT_EQ(refusal_of("(?P<n>a)"), "named group at 0");
  EXPECT_EQ(refusal_of("(?<n>a)"), "named group at 0");
  EXPECT_EQ(refusal_of("é(?>a)"), "group other than ( ) and (?: ) at 2");
  EXPECT_EQ(refusal_of("a++"), "possessive repeat at 2");
  EXPECT_EQ(refusal_of("a{2}+"), "possessive repeat at 4");
  EXPECT_EQ(refusal_of("a(b(c)"), "( that is never closed at 1");
  EXPECT_EQ(refusal_of("ab)"), ") that closes nothing at 2");
  EXPECT_EQ(refusal_of("a[b-"), "[ that is never closed at 1");
  EXPECT_EQ(refusal_of("[]"), "[ that is never closed at 0");
  EXPECT_EQ(refusal_of("a]"), "] that closes nothing at 1");
  EXPECT_EQ(refusal_of("a|*"), "nothing to repeat at 2");
  EXPECT_EQ(refusal_of("^*"), "nothing to repeat at 1");
  EXPECT_EQ(refusal_of("a**"), "repeat of a repeat, ungrouped at 2");
  EXPECT_EQ(refusal_of("a{3,2}"), "repeat with swapped bounds at 1");
  EXPECT_EQ(refusal_of("[z-a]"), "range with swapped ends at 1");
  EXPECT_EQ(refusal_of("[a-\\d]"), "class escape in a range at 1");
  EXPECT_EQ(refusal_of("a\\q"), "unknown escape at 1");
  EXPECT_EQ(refusal_of("a\\x1"), "too few hexadecimal digits at 1");
  EXPECT_EQ(refusal_of("\\udc00"), "surrogate at 0");
  EXPECT_EQ(refusal_of("a\\"), "backslash at the end at 1");
  EXPECT_EQ(refusal_of("[\\"), "backslash at the end at 1");
  EXPECT_EQ(refusal_of("a\xFF"), "not UTF-8 at 1");
  EXPECT_EQ(refusal_of("[a\xC3]"), "not UTF-8 at 2");
}

TEST(Pattern, the_limits_hold_at_their_edges) {
  EXPECT_EQ(refusal_of("a{1000}"), "accepted");
  EXPECT_EQ(refusal_of("a{1001}"), "repeat above 1000 at 1");
  EXPECT_EQ(refusal_of("a{0,99999999999999999999999}"), "repeat above 1000 at 1");
  EXPECT_EQ(refusal_of(std::string(pattern_matching::program_max - 1, 'a')), "accepted");
  EXPECT_EQ(refusal_of(std::string(pattern_matching::program_max, 'a')),
            "more than 4096 instructions at 4095");
  EXPECT_EQ(refusal_of("(?:(?:a{500}){4}){2}b{95}"), "accepted");
  EXPECT_EQ(refusal_of("(?:(?:a{500}){4}){2}b{96}"), "more than 4096 instructions at 21");
  EXPECT_EQ(refusal_of("(?:(?:a{819}){5})+"), "more than 4096 instructions at 17");
  EXPECT_EQ(refusal_of("((?:a{819}){5})"), "accepted");
  EXPECT_EQ(refusal_of("(?:(?:a{818}){5})+"), "accepted");
  EXPECT_EQ(refusal_of("(?:(?:a{818}){5})*"), "accepted");
  EXPECT_EQ(refusal_of("(?:(?:a{818}){5}){0}"), "accepted");
  EXPECT_EQ(refusal_of("(?:(?:(?:a{1000}){1000}){1000}){1000}"),
            "more than 4096 instructions at 17");
  EXPECT_EQ(refusal_of(std::string(100'000, '(')), "( that is never closed at 99999");
}

TEST(Pattern, the_largest_program_runs) {
  const std::string text(pattern_matching::program_max - 1, 'a');
  steps_of(text, text, true);
  steps_of(std::string((pattern_matching::program_max - 1) / 2, '.') + "b",
           std::string(20'000, 'a'), false);
}

TEST(Pattern, bytes_that_are_not_utf8_are_replacement_characters) {
  constexpr const pattern_matching::Program& two = compiled_pattern<"^\\ufffd{2}$">;
  EXPECT_TRUE(pattern_matching::search(two, "\xC3\xFF"));
  EXPECT_TRUE(pattern_matching::search(two, "\xE2\x82"));
  EXPECT_FALSE(pattern_matching::search(two, "\xC3\xA9"));
}

}  // namespace
}  // namespace structwire
