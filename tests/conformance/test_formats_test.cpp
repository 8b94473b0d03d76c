// SPDX-License-Identifier: Apache-2.0
//
// What is peculiar to the two test formats that stand for Protobuf and Avro: the bytes that their
// heads describe.

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <tests/conformance/formats.hpp>
#include <tests/support/same.hpp>
#include <tests/support/sample_structs.hpp>

namespace structwire::testing {
namespace {

struct Inner {
  std::int32_t number = 0;
};

struct Outer {
  std::uint32_t count = 0;
  std::vector<std::int32_t> numbers;
  std::map<std::string, bool> flags;
  std::optional<std::vector<std::int32_t>> maybe;
  std::optional<Inner> inner;
  using wire = Rules<member<&Outer::numbers, max_length(3)>>;
};

template <class Format, class T>
std::string decoded(std::initializer_list<int> input, T& out) {
  const auto result = Format::decode_into(from_bytes(input), out);
  return result ? "" : result.error().message();
}

template <class T>
T numbered_value(std::initializer_list<int> input) {
  T out{};
  EXPECT_EQ((decoded<Numbered>(input, out)), "");
  return out;
}

template <class Format, class T>
std::string refusal(std::initializer_list<int> input) {
  T out{};
  return decoded<Format>(input, out);
}

TEST(NumberedFormat, members_are_tag_and_payload) {
  const Outer value{300, {1, -1}, {{"a", true}}, std::vector<std::int32_t>{2}, Inner{3}};
  EXPECT_EQ(*Numbered::encode(value),
            from_bytes({
                0x08, 0xac, 0x02,                         // count
                0x10, 0x02, 0x10, 0x01,                   // numbers, item by item
                0x1a, 0x05, 0x0a, 0x01, 'a', 0x10, 0x01,  // flags, entry by entry
                0x22, 0x02, 0x08, 0x04,                   // maybe: present, one item
                0x2a, 0x02, 0x08, 0x06,                   // inner
            }));
  EXPECT_EQ(*Numbered::encode(Outer{}), from_bytes({0x08, 0x00}));
}

TEST(NumberedFormat, items_and_entries_are_collected_from_anywhere) {
  const auto value =
      numbered_value<Outer>({0x10, 0x02, 0x1a, 0x05, 0x10, 0x01, 0x0a, 0x01, 'a',  //
                             0x08, 0x05, 0x10, 0x04, 0x1a, 0x05, 0x0a, 0x01, 'b', 0x10, 0x00});
  EXPECT_TRUE(same(value, Outer{5, {1, 2}, {{"a", true}, {"b", false}}, {}, {}}));
}

TEST(NumberedFormat, the_last_of_a_repeated_scalar_counts) {
  EXPECT_EQ(numbered_value<Outer>({0x08, 0x01, 0x08, 0x02}).count, 2u);
}

TEST(NumberedFormat, unknown_numbers_are_passed_over_by_their_wire_type) {
  const auto value = numbered_value<Inner>({0x50, 0xff, 0x01, 0x51, 1,    2,    3,    4,
                                            5,    6,    7,    8,    0x52, 0x02, 0x08, 0x63,  //
                                            0x08, 0x02, 0x55, 1,    2,    3,    4});
  EXPECT_EQ(value.number, 1);
}

TEST(NumberedFormat, rules_of_collected_members_are_checked_at_the_end) {
  EXPECT_EQ(
      (refusal<Numbered, Outer>({0x08, 0x00, 0x10, 0x02, 0x10, 0x02, 0x10, 0x02, 0x10, 0x02})),
      "Expected `array` of length <= 3 - at `$.numbers`");
}

TEST(NumberedFormat, refusals) {
  EXPECT_EQ((refusal<Numbered, Inner>({})), "Object missing required field `number`");
  EXPECT_EQ((refusal<Numbered, Inner>({0x0a, 0x00})),
            "Expected `int`, got `wire type 2` - at `$.number`");
  EXPECT_EQ((refusal<Numbered, Inner>({0x08})), "Input data was truncated");
  EXPECT_EQ((refusal<Numbered, Inner>({0x0b, 0x00})),
            "Expected `int`, got `wire type 3` - at `$.number`");
  EXPECT_EQ((refusal<Numbered, Inner>({0x13, 0x00})), "A wire type that is not in use");
}

TEST(NumberedFormat, anything_but_a_member_is_wrapped) {
  EXPECT_EQ(*Numbered::encode(std::uint32_t{7}), from_bytes({0x08, 0x07}));
  EXPECT_EQ(*Numbered::encode(std::vector<std::optional<std::uint32_t>>{7, std::nullopt}),
            from_bytes({0x0a, 0x06, 0x0a, 0x02, 0x08, 0x07, 0x0a, 0x00}));
}

TEST(PositionalFormat, members_follow_each_other_bare) {
  const Outer value{300, {1, -1}, {{"a", true}}, std::vector<std::int32_t>{2}, Inner{3}};
  EXPECT_EQ(*Positional::encode(value), from_bytes({
                                            0xac, 0x02,                   // count
                                            0x04, 0x02, 0x01, 0x00,       // numbers
                                            0x02, 0x01, 'a', 0x01, 0x00,  // flags
                                            0x02, 0x02, 0x04, 0x00,       // maybe
                                            0x02, 0x06,                   // inner
                                        }));
}

TEST(PositionalFormat, what_a_rule_leaves_out_elsewhere_is_written_here) {
  EXPECT_EQ(*Positional::encode(Omitting{}), from_bytes({0x00, 0x00, 0x00, 0x00, 0x00}));
}

TEST(PositionalFormat, arrays_may_come_in_blocks_that_tell_their_size) {
  std::vector<std::int32_t> items;
  EXPECT_EQ((decoded<Positional>({0x02, 0x02, 0x03, 0x04, 0x04, 0x06, 0x00}, items)), "");
  EXPECT_EQ(items, (std::vector<std::int32_t>{1, 2, 3}));
}

TEST(PositionalFormat, refusals) {
  EXPECT_EQ((refusal<Positional, bool>({0x02})), "A bool that is neither 0 nor 1");
  EXPECT_EQ((refusal<Positional, std::optional<bool>>({0x04})),
            "A branch that an optional does not have");
  EXPECT_EQ((refusal<Positional, Color>({0x03})), "Invalid enum value 3");
  EXPECT_EQ((refusal<Positional, std::uint8_t>({0x80, 0x02})), "Expected `int` <= 255");
  EXPECT_EQ((refusal<Positional, std::string>({0x04, 'a'})), "Input data was truncated");
}

}  // namespace
}  // namespace structwire::testing
