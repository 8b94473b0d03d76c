// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/error.hpp>

#include <gtest/gtest.h>

#include <memory>

#include <structwire/core/error_detail.hpp>
#include <structwire/core/reader.hpp>

namespace structwire {
namespace {

// Errors as readers build them: what happened, then the way out.
struct Building : ReaderState {
  Building() : ReaderState(options) {}
  DecodeOptions options;
};

TEST(Error, says_expected_and_got_with_the_path) {
  Building state;
  state.mismatch(Kind::integer, "str", 17);
  state.in_item(3);
  state.in_member("values");
  state.in_map_value();
  state.in_member("table");
  const Error error = state.take_error();
  EXPECT_EQ(error.message(), "Expected `int`, got `str` - at `$.table[...].values[3]`");
  EXPECT_EQ(error.code(), ErrorCode::type_mismatch);
  EXPECT_EQ(error.path(), "$.table[...].values[3]");
  EXPECT_EQ(error.offset(), 17u);
  EXPECT_EQ(error.expected(), "int");
  EXPECT_EQ(error.got(), "str");
}

TEST(Error, lists_kinds_in_one_order_and_adds_null) {
  Building state;
  KindSet kinds(Kind::array);
  kinds.insert(Kind::integer);
  state.mismatch(kinds, "bool", 0);
  state.or_kinds(Kind::null);
  EXPECT_EQ(state.take_error().message(), "Expected `int | array | null`, got `bool`");
}

TEST(Error, adds_null_only_to_the_place_itself) {
  Building state;
  state.mismatch(Kind::integer, "str", 0);
  state.in_member("inner");
  state.or_kinds(Kind::null);
  EXPECT_EQ(state.take_error().message(), "Expected `int`, got `str` - at `$.inner`");
}

TEST(Error, names_keys_of_maps) {
  Building state;
  state.mismatch(Kind::text, "int", 0);
  state.in_map_key();
  state.in_member("m");
  EXPECT_EQ(state.take_error().message(), "Expected `str`, got `int` - at `key` in `$.m`");
}

TEST(Error, of_broken_syntax_has_a_path_but_does_not_say_it) {
  Building state;
  state.fail(ErrorCode::malformed, "JSON is malformed: invalid character (byte 5)", 5);
  state.in_member("a");
  const Error error = state.take_error();
  EXPECT_EQ(error.message(), "JSON is malformed: invalid character (byte 5)");
  EXPECT_EQ(error.path(), "$.a");
  EXPECT_TRUE(is_syntax(error.code()));
}

TEST(Error, is_a_value) {
  Error first(ErrorCode::io, "disk gone");
  const Error copy = first;
  first = Error();
  EXPECT_EQ(first.code(), ErrorCode::none);
  EXPECT_FALSE(first);
  EXPECT_EQ(copy.message(), "disk gone");
  EXPECT_EQ(copy.path(), "$");
  EXPECT_EQ(copy.offset(), std::nullopt);
}

TEST(Error, codes_have_their_own_names) {
  EXPECT_EQ(name_of(ErrorCode::none), "none");
  EXPECT_EQ(name_of(ErrorCode::unknown_field), "unknown_field");
  EXPECT_EQ(name_of(ErrorCode::io), "io");
  EXPECT_EQ(name_of(Kind::null), "null");
}

}  // namespace
}  // namespace structwire
