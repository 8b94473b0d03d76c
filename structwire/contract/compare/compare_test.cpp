// SPDX-License-Identifier: Apache-2.0
//
// The rule table, row by row, on real structs. That the verdicts are what the bytes do, tests/contract executes.
#include <structwire/contract/compare.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include <structwire/contract/describe.hpp>
#include <structwire/core/time.hpp>
#include <structwire/core/uuid.hpp>

namespace structwire::contract {
namespace {

constexpr Verdict compatible = Verdict::compatible;

/// Each difference as a line: rule path backward forward.
template <class Before, class After>
std::string told(WireForm form = WireForm::json) {
  std::string lines;
  for (const Difference& each : differences(describe<Before>(), describe<After>(), form)) {
    if (!lines.empty()) lines += "\n";
    // The root's C++ name is that of the test's struct.
    const std::string path = each.path.substr(std::min(each.path.find_first_of(".["), each.path.size()));
    lines += each.rule + " " + (path.empty() ? "" : path + " ") + std::string(name_of(each.backward)) + " " +
             std::string(name_of(each.forward));
    EXPECT_NE(find_rule(each.rule), nullptr) << each.rule;
    EXPECT_EQ(each.advice.empty(), !breaks(each, Level::full)) << each.rule;
    EXPECT_EQ(each.backward_detail.empty(), each.backward == compatible) << each.rule;
    EXPECT_EQ(each.forward_detail.empty(), each.forward == compatible) << each.rule;
  }
  return lines;
}

/// A struct of one member.
template <class T, auto... Rule>
struct Holds {
  T value{};
  using wire = Rules<member<&Holds::value, Rule...>>;
};
template <class A, class B>
std::string retyped(WireForm form = WireForm::json) {
  return told<Holds<A>, Holds<B>>(form);
}

// ---- members of maps ----

struct Base {
  int a;
  int b = 1;
  using wire = Rules<member<&Base::b, defaulted>>;
};
struct Forbidding {
  int a;
  int b = 1;
  using wire = Rules<member<&Forbidding::b, defaulted>, artifact>;
};
struct OneMore {
  int a;
  int c = 7;
  int b = 1;
  using wire = Rules<member<&OneMore::b, defaulted>, member<&OneMore::c, defaulted>>;
};
struct OneMoreNeeded {
  int a;
  int b = 1;
  int c;
  using wire = Rules<member<&OneMoreNeeded::b, defaulted>>;
};
struct Turned {
  int b = 1;
  int a;
  using wire = Rules<member<&Turned::b, defaulted>>;
};
struct Renamed {
  int a;
  int c = 1;
  using wire = Rules<member<&Renamed::c, defaulted>>;
};
struct RenamedNeeded {
  int z;
  int b = 1;
  using wire = Rules<member<&RenamedNeeded::b, defaulted>>;
};
struct Pinned {
  int z;
  int y = 1;
  using wire = Rules<member<&Pinned::y, defaulted, name<"b">>, member<&Pinned::z, name<"a">>>;
};
struct Aliased {
  int a;
  int c = 1;
  using wire = Rules<member<&Aliased::c, defaulted, alias<"b">>>;
};
struct OtherDefault {
  int a;
  int b = 2;
  using wire = Rules<member<&OtherDefault::b, defaulted>>;
};
struct OtherDefaultOmitted {
  int a;
  int b = 2;
  using wire = Rules<member<&OtherDefaultOmitted::b, defaulted>, omit_defaults>;
};
struct AllNeeded {
  int a;
  int b;
};

TEST(Compare, members_of_maps_are_told_apart_by_name) {
  EXPECT_EQ((told<Base, Base>()), "");
  EXPECT_EQ((told<Base, Turned>()), "");
  EXPECT_EQ((told<Base, Pinned>()), "");
  EXPECT_EQ((told<Base, OneMore>()), "member_added .c compatible compatible");
  EXPECT_EQ((told<Forbidding, OneMore>()), "unknown_fields_allowed compatible compatible\nmember_added .c compatible breaks");
  EXPECT_EQ((told<Base, OneMoreNeeded>()), "required_member_added .c breaks compatible");
  EXPECT_EQ((told<OneMore, Base>()), "member_removed .c compatible compatible");
  EXPECT_EQ((told<OneMore, Forbidding>()),
            "unknown_fields_forbidden conditional compatible\nmember_removed .c breaks compatible");
  EXPECT_EQ((told<OneMoreNeeded, Base>()), "required_member_removed .c compatible breaks");
}

TEST(Compare, a_rename_is_silent_where_a_default_takes_the_place) {
  EXPECT_EQ((told<Base, Renamed>()), "member_renamed .c silent silent");
  EXPECT_EQ((told<Base, RenamedNeeded>()), "member_renamed .z breaks breaks");
  EXPECT_EQ((told<Base, Aliased>()), "member_renamed_with_alias .c compatible silent");
  EXPECT_EQ((told<Aliased, Renamed>()), "alias_removed .c silent compatible");
}

TEST(Compare, defaults_and_presence) {
  EXPECT_EQ((told<Base, OtherDefault>()), "default_changed .b silent compatible");
  EXPECT_EQ((told<Base, OtherDefaultOmitted>()), "default_changed .b silent silent");
  EXPECT_EQ((told<AllNeeded, Base>()), "member_made_optional .b compatible compatible");
  EXPECT_EQ((told<AllNeeded, OtherDefaultOmitted>()), "member_made_optional .b compatible conditional");
  EXPECT_EQ((told<Base, AllNeeded>()), "member_made_required .b conditional compatible");
}

// ---- members of arrays ----

struct Row {
  int a;
  int b = 1;
  using wire = Rules<member<&Row::b, defaulted>, array_like>;
};
struct StrictRow {
  int a;
  int b = 1;
  using wire = Rules<member<&StrictRow::b, defaulted>, array_like, forbid_unknown_fields>;
};
struct LongerRow {
  int a;
  int b = 1;
  int c = 2;
  using wire = Rules<defaulted_from<&LongerRow::b>, array_like>;
};
struct InsertedRow {
  int a;
  int c = 2;
  int b = 1;
  using wire = Rules<defaulted_from<&InsertedRow::c>, array_like>;
};
struct InsertedText {
  int a;
  std::string c;
  int b = 1;
  using wire = Rules<defaulted_from<&InsertedText::c>, array_like>;
};
struct TurnedRow {
  int b = 1;
  int a = 0;
  using wire = Rules<all_defaulted, array_like>;
};
struct RenamedRow {
  int a;
  int other = 1;
  using wire = Rules<member<&RenamedRow::other, defaulted>, array_like>;
};

TEST(Compare, in_arrays_the_place_is_the_name) {
  EXPECT_EQ((told<Row, LongerRow>()), "member_added .c compatible compatible");
  EXPECT_EQ((told<StrictRow, LongerRow>()), "unknown_fields_allowed compatible compatible\nmember_added .c compatible breaks");
  EXPECT_EQ((told<LongerRow, Row>()), "member_removed .c compatible compatible");
  EXPECT_EQ((told<Row, InsertedRow>()), "member_inserted .c silent silent");
  EXPECT_EQ((told<InsertedRow, Row>()), "member_removed_inside .c silent silent");
  EXPECT_EQ((told<Row, InsertedText>()), "member_inserted .c breaks breaks");
  EXPECT_EQ((told<Row, TurnedRow>()), "members_reordered silent silent");
  EXPECT_EQ((told<Row, RenamedRow>()), "member_renamed .other compatible compatible");
  EXPECT_EQ((told<Row, Base>()), "array_like_changed breaks breaks");
}

// ---- types ----

TEST(Compare, numbers) {
  EXPECT_EQ((retyped<int, std::int64_t>()), "integer_widened .value compatible conditional");
  EXPECT_EQ((retyped<std::int64_t, int>()), "integer_narrowed .value conditional compatible");
  EXPECT_EQ((retyped<int, unsigned>()), "integer_sign_changed .value conditional conditional");
  EXPECT_EQ((retyped<std::uint8_t, int>()), "integer_widened .value compatible conditional");
  EXPECT_EQ((retyped<int, double>()), "integer_to_float .value compatible breaks");
  EXPECT_EQ((retyped<std::int64_t, double>()), "integer_to_float .value silent breaks") << "beyond 2^53";
  EXPECT_EQ((told<Holds<std::int64_t, between(0, 1000)>, Holds<double>>()), "integer_to_float .value compatible breaks");
  EXPECT_EQ((retyped<float, double>()), "float_widened .value compatible silent");
}

TEST(Compare, texts_and_bytes) {
  EXPECT_EQ((retyped<int, std::string>()), "type_changed .value breaks breaks");
  EXPECT_EQ((retyped<std::string, Bytes>(WireForm::json)), "text_to_bytes .value silent silent");
  EXPECT_EQ((retyped<std::string, Bytes>(WireForm::msgpack)), "text_to_bytes .value breaks breaks");
  EXPECT_EQ((retyped<Uuid, std::string>()), "type_widened .value compatible conditional");
  EXPECT_EQ((retyped<std::string, Uuid>()), "type_narrowed .value conditional compatible");
  EXPECT_EQ((retyped<DateTime, std::string>(WireForm::json)), "type_widened .value compatible conditional");
  EXPECT_EQ((retyped<DateTime, std::string>(WireForm::msgpack)), "type_changed .value conditional conditional");
  EXPECT_EQ((told<Holds<Bytes>, Holds<Bytes, hex>>()), "bytes_text_changed .value silent silent");
}

TEST(Compare, null_and_containers) {
  EXPECT_EQ((told<Holds<int>, Holds<std::optional<int>, required>>()), "null_allowed .value compatible conditional");
  EXPECT_EQ((retyped<int, std::optional<int>>()),
            "member_made_optional .value compatible compatible\nnull_allowed .value compatible conditional");
  EXPECT_EQ((retyped<std::optional<int>, int>()),
            "member_made_required .value conditional compatible\nnull_refused .value conditional compatible");
  EXPECT_EQ((retyped<int, std::vector<int>>()), "value_to_array .value breaks breaks");
  EXPECT_EQ((retyped<std::vector<int>, std::vector<std::int64_t>>()), "integer_widened .value[] compatible conditional");
  EXPECT_EQ((retyped<std::map<std::string, int>, std::map<std::string, bool>>()), "type_changed .value{} breaks breaks");
  EXPECT_EQ((retyped<std::vector<int>, std::set<int>>()), "array_to_set .value silent compatible");
  EXPECT_EQ((retyped<std::array<int, 2>, std::array<int, 3>>()), "length_changed .value breaks breaks");
  EXPECT_EQ((retyped<std::vector<int>, std::array<int, 3>>()), "length_changed .value conditional compatible");
  EXPECT_EQ((retyped<Base, std::array<int, 2>>()), "value_to_array .value breaks breaks");
  EXPECT_EQ((retyped<Base, std::tuple<int, int>>()), "type_changed .value breaks breaks");
  EXPECT_EQ((retyped<Row, std::tuple<int, int>>()), "type_narrowed .value conditional compatible") << "some leave out `b`";
  EXPECT_EQ((retyped<std::tuple<int, int>, Row>()), "type_widened .value compatible compatible");
}

TEST(Compare, rules_of_values) {
  EXPECT_EQ((told<Holds<int>, Holds<int, between(0, 9)>>()), "constraint_tightened .value conditional compatible");
  EXPECT_EQ((told<Holds<int, ge(0)>, Holds<int, ge(-5)>>()), "constraint_loosened .value compatible conditional");
  EXPECT_EQ((told<Holds<int, gt(0)>, Holds<int, ge(1)>>()), "") << "the same integers";
  EXPECT_EQ((told<Holds<std::string, max_length(8)>, Holds<std::string, max_length(4)>>()),
            "constraint_tightened .value conditional compatible");
  EXPECT_EQ((told<Holds<std::string, pattern<"^a">>, Holds<std::string, pattern<"^b">>>()),
            "constraint_changed .value conditional conditional");
}

// ---- enums and unions ----

enum class Color { red, green, blue };
enum class MoreColor { red, green, blue, white };
enum class Coded { a = 1, b = 2 };
enum class Recoded { b = 1, a = 2 };
enum class Lenient { red, green, blue };

struct Circle {
  int radius;
  using wire = Rules<tag<"circle">>;
};
struct Square {
  int side;
  using wire = Rules<tag<"square">>;
};
struct PlainCircle {
  int radius;
};
struct OtherTag {
  int radius;
  using wire = Rules<tag<"ring">>;
};

}  // namespace
}  // namespace structwire::contract

template <>
inline constexpr auto structwire::enum_values<structwire::contract::Color> = [] {
  using enum structwire::contract::Color;
  return structwire::by_name<red, green, blue>;
}();
template <>
inline constexpr auto structwire::enum_values<structwire::contract::Lenient> = [] {
  using enum structwire::contract::Lenient;
  return structwire::by_name<red, green, structwire::catch_all<blue>>;
}();
template <>
inline constexpr auto structwire::enum_values<structwire::contract::MoreColor> = [] {
  using enum structwire::contract::MoreColor;
  return structwire::by_name<red, green, blue, white>;
}();
template <>
inline constexpr auto structwire::enum_values<structwire::contract::Coded> =
    structwire::by_value<structwire::contract::Coded::a, structwire::contract::Coded::b>;
template <>
inline constexpr auto structwire::enum_values<structwire::contract::Recoded> =
    structwire::by_value<structwire::contract::Recoded::b, structwire::contract::Recoded::a>;

namespace structwire::contract {
namespace {

TEST(Compare, enums) {
  EXPECT_EQ((retyped<Color, MoreColor>()), "enum_value_added .value compatible conditional");
  EXPECT_EQ((retyped<MoreColor, Color>()), "enum_value_removed .value conditional compatible");
  EXPECT_EQ((retyped<Lenient, MoreColor>()),
            "enum_value_added .value compatible compatible\nenum_catch_all_removed .value conditional compatible");
  EXPECT_EQ((retyped<Coded, Recoded>()), "enum_renumbered .value silent silent\nenum_renumbered .value silent silent");
  EXPECT_EQ((retyped<Color, std::string>()), "type_widened .value compatible conditional");
  EXPECT_EQ((retyped<Literal<"a", "b">, Literal<"a", "c">>()),
            "enum_value_added .value compatible conditional\nenum_value_removed .value conditional compatible");
}

TEST(Compare, unions) {
  using One = std::variant<Circle, std::monostate>;
  using Two = std::variant<Circle, Square, std::monostate>;
  using Open = std::variant<Circle, UnknownAlternative>;
  EXPECT_EQ((retyped<One, Two>()), "alternative_added .value compatible conditional");
  EXPECT_EQ((retyped<Two, One>()), "alternative_removed .value conditional compatible");
  EXPECT_EQ((retyped<Open, std::variant<Circle, Square, UnknownAlternative>>()), "alternative_added .value compatible compatible");
  EXPECT_EQ((retyped<Open, std::variant<Circle, Square>>()),
            "unknown_alternative_removed .value conditional compatible\nalternative_added .value compatible compatible");
  EXPECT_EQ((retyped<PlainCircle, std::variant<Circle, Square>>()), "value_to_union .value breaks conditional");
  EXPECT_EQ((retyped<Circle, OtherTag>()), "tag_changed .value breaks breaks");
}

struct NodeBefore {
  int value;
  std::vector<NodeBefore> children;
};
struct NodeAfter {
  std::int64_t value;
  std::vector<NodeAfter> children;
};

TEST(Compare, a_number_may_have_several_names) {
  const TypeSchema type{.kind = TypeKind::enumeration, .name = "E"};
  const Schema before{type, {}, {{.name = "E", .values = {{"a", 1}, {"b", 1}}}}};
  EXPECT_TRUE(differences(before, before, WireForm::json).empty());
  const Schema after{type, {}, {{.name = "E", .values = {{"a", 1}, {"c", 1}}}}};
  EXPECT_EQ(differences(before, after, WireForm::json).front().rule, "enum_renumbered");
}

/// Structs inside each other, the innermost with a value of this kind.
Schema chain(std::size_t count, TypeKind last) {
  Schema schema{{.kind = TypeKind::structure, .name = "S0"}, {}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    TypeSchema type{.kind = last};
    if (i + 1 < count) type = {.kind = TypeKind::structure, .name = "S" + std::to_string(i + 1)};
    schema.structs.push_back({.name = "S" + std::to_string(i), .members = {{.name = "value", .number = 1, .type = type}}});
  }
  return schema;
}

TEST(Compare, structs_inside_each_other_are_compared_to_the_last) {
  const Schema before = chain(1000, TypeKind::boolean);
  EXPECT_TRUE(differences(before, before, WireForm::json).empty());
  const auto found = differences(before, chain(1000, TypeKind::text), WireForm::json);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().rule, "type_changed");
  EXPECT_TRUE(found.front().path.starts_with("…S")) << found.front().path;
  EXPECT_TRUE(found.front().path.ends_with(".value.value")) << found.front().path;
}

TEST(Compare, unions_that_multiply_end) {
  const auto tower = [](TypeKind last) {
    TypeSchema type{.kind = last};
    for (int i = 0; i < 22; ++i) {
      const TypeSchema items{.kind = TypeKind::array, .parts = {type}};
      type = {.kind = TypeKind::variant, .parts = {items, {.kind = TypeKind::set, .parts = {type}}}};
      if (i % 2 == 0) type.parts.pop_back();
    }
    return Schema{{.kind = TypeKind::optional, .parts = {type}}, {}, {}};
  };
  Schema after = tower(TypeKind::text);
  after.type = after.type.parts[0].parts[0];
  EXPECT_FALSE(differences(tower(TypeKind::boolean), after, WireForm::json).empty());
}

TEST(Compare, a_recursive_struct_is_compared_once) {
  EXPECT_EQ((told<NodeBefore, NodeAfter>()), "integer_widened .value compatible conditional");
}

TEST(Compare, a_broken_schema_is_a_difference) {
  Schema schema = describe<NodeBefore>();
  schema.structs.clear();
  const auto found = differences(schema, describe<NodeBefore>(), WireForm::json);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().rule, "broken_schema");
  Schema deep;
  for (int i = 0; i < 2000; ++i) {
    TypeSchema outer;
    outer.kind = TypeKind::array;
    outer.parts.push_back(std::move(deep.type));
    deep.type = std::move(outer);
  }
  ASSERT_FALSE(differences(deep, deep, WireForm::json).empty());
  TypeSchema empty;
  empty.kind = TypeKind::map;
  EXPECT_EQ(differences({.type = empty, .structs = {}, .enums = {}}, {.type = empty, .structs = {}, .enums = {}}, WireForm::json).front().rule, "broken_schema");
}

TEST(Compare, every_rule_has_its_own_name_and_words) {
  std::set<std::string_view> names;
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_FALSE(rule.change.empty()) << rule.name;
  }
}

TEST(Compare, a_difference_tells_what_happens_and_what_to_do) {
  const auto found = differences(describe<Base>(), describe<Renamed>(), WireForm::json);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().detail(),
            "New readers of old messages: the value of `b` is dropped, and `c` becomes `1`. "
            "Old readers of new messages: the value of `c` is dropped, and `b` becomes `1`.");
  EXPECT_EQ(found.front().before, "b");
  EXPECT_EQ(found.front().after, "c");
}

}  // namespace
}  // namespace structwire::contract
