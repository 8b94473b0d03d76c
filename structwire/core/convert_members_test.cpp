// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/convert_members.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <structwire/core/equal.hpp>
#include <structwire/core/time.hpp>

namespace structwire {
namespace {

struct V1 {
  std::string message_id;
  Bytes payload;
};
struct V2 {
  std::string message_id;
  Bytes payload;
  int priority = 3;
  using wire = Rules<defaulted_from<&V2::priority>, forbid_unknown_fields>;
};
struct V3 {
  std::string message_id;
  Bytes data;
  using wire = Rules<member<&V3::data, name<"payload">>>;
};

struct Point {
  double x = 0;
  double y = 0;
};
struct ArrayPoint {
  int x = 0;
  int y = 0;
  using wire = Rules<array_like, tag<7>>;
};
struct ArrayPair {
  double y = 0;
  double x = 0;
  using wire = Rules<array_like>;
};
struct Camel {
  int some_field = 0;
  int other_field = 0;
  using wire = Rules<rename(NameStyle::camel)>;
};
struct Upper {
  int some_field = 0;
  int otherField = 0;
  using wire = Rules<rename(NameStyle::upper), all_defaulted>;
};

struct Get {
  std::string key;
  using wire = Rules<tagged>;
};
struct Put {
  std::string key;
  std::string value;
  using wire = Rules<tagged>;
};
struct Named {
  std::string type;
  std::string key;
};
using Request = std::variant<Get, Put>;
struct Requests {
  std::vector<Request> all;
};
struct Sources {
  std::vector<Get> all;
};

struct Inner {
  int a = 0;
};
struct Wide {
  int a = 0;
  std::string b;
};
struct From {
  std::vector<Wide> list;
  std::map<std::string, Wide> map;
  std::optional<Wide> some;
  std::optional<Box<From>> next;
};
struct To {
  std::vector<Inner> list;
  std::map<std::string, Inner> map;
  std::optional<Inner> some;
  std::optional<Box<To>> next;
};

template <class U>
std::string refusal(const auto& source, const DecodeOptions& options = {}) {
  const auto converted = convert<U>(source, options);
  return converted ? "" : converted.error().message();
}

TEST(ConvertMembers, takes_members_by_their_declared_name) {
  const auto v2 = convert<V2>(V1{"m", Bytes(2)});
  ASSERT_TRUE(v2);
  EXPECT_TRUE(equal(*v2, V2{"m", Bytes(2), 3}));
  EXPECT_TRUE(equal(*convert<V1>(V2{"m", Bytes(2), 4}), V1{"m", Bytes(2)}));
  EXPECT_TRUE(equal(*convert<Camel>(Upper{1, 2}), Camel{1, 2}));
  EXPECT_TRUE(equal(*convert<ArrayPair>(Point{1, 2}), ArrayPair{2, 1}));
}

TEST(ConvertMembers, takes_members_by_the_wire_name_of_the_target_otherwise) {
  EXPECT_TRUE(equal(*convert<V3>(V2{"m", Bytes(2), 4}), V3{"m", Bytes(2)}));
  EXPECT_EQ(refusal<V2>(V3{"m", Bytes(2)}), "Object missing required field `payload`");
  EXPECT_EQ(convert<Upper>(Camel{1, 2})->otherField, 0);
}

TEST(ConvertMembers, passes_over_what_the_target_lacks_also_where_that_is_forbidden) {
  struct Bigger {
    std::string message_id;
    Bytes payload;
    int priority = 0;
    int more = 0;
  };
  EXPECT_EQ(refusal<V2>(Bigger{}), "");
  EXPECT_EQ(refusal<V2>(Bigger{}, {.unknown_fields = UnknownFieldPolicy::forbid}), "");
}

TEST(ConvertMembers, does_not_ask_how_a_struct_stands_on_a_wire) {
  EXPECT_EQ(refusal<ArrayPoint>(Point{1, 2}), "Expected `int`, got `float` - at `$.x`");
  EXPECT_EQ(convert<Point>(ArrayPoint{1, 2})->y, 2);
  EXPECT_EQ(refusal<std::vector<int>>(Point{}), "Expected `array`, got `Point`");
  EXPECT_EQ((refusal<std::map<std::string, double>>(Point{})), "Expected `object`, got `Point`");
  EXPECT_EQ(refusal<int>(Point{}), "Expected `int`, got `Point`");
  EXPECT_EQ(refusal<std::string>(Point{}), "Expected `str`, got `Point`");
  EXPECT_EQ(refusal<Bytes>(Point{}), "Expected `bytes`, got `Point`");
  EXPECT_EQ(refusal<bool>(Point{}), "Expected `bool`, got `Point`");
  EXPECT_EQ(refusal<double>(Point{}), "Expected `float`, got `Point`");
  EXPECT_EQ(refusal<std::optional<int>>(Point{}), "Expected `int | null`, got `Point`");
  EXPECT_EQ(refusal<std::chrono::year_month_day>(Point{}), "Expected `date`, got `Point`");
  EXPECT_EQ((refusal<std::variant<int, std::string>>(Point{})), "Expected `int | str`, got `Point`");
}

TEST(ConvertMembers, converts_structs_inside_likewise) {
  From from{.list = {{1, "x"}, {2, "y"}}, .map = {{"k", {3, "z"}}}, .some = Wide{4, ""}};
  From outer{.next = Box<From>(from)};
  const auto to = convert<To>(outer);
  ASSERT_TRUE(to);
  ASSERT_TRUE(to->next);
  EXPECT_EQ((*to->next)->list[1].a, 2);
  EXPECT_EQ((*to->next)->map.at("k").a, 3);
  EXPECT_EQ((*to->next)->some->a, 4);
}

struct Texts {
  std::vector<std::string> values;
};
struct Numbers {
  std::vector<Annotated<int, le(9)>> values;
};

TEST(ConvertMembers, checks_as_decoding_does) {
  EXPECT_EQ(refusal<Numbers>(Texts{{"1"}}), "Expected `int`, got `str` - at `$.values[0]`");
  EXPECT_EQ(refusal<Numbers>(Texts{{"1"}}, {.lax = true}), "");
  EXPECT_EQ(refusal<Numbers>(Texts{{"1", "10"}}, {.lax = true}), "Expected `int` <= 9 - at `$.values[1]`");
  EXPECT_FALSE(convert<Numbers>(Texts{{"1"}}).error().offset().has_value());
  struct Large {
    std::vector<std::int64_t> values;
  };
  struct Small {
    std::vector<std::int8_t> values;
  };
  EXPECT_EQ(refusal<Small>(Large{{1, 1000}}), "Expected `int` <= 127 - at `$.values[1]`");
}

TEST(ConvertMembers, asks_for_tags_only_in_variants) {
  EXPECT_EQ(refusal<Put>(Get{"k"}), "Object missing required field `value`");
  EXPECT_EQ(convert<Get>(Put{"k", "v"})->key, "k");
  const auto get = convert<Request>(Get{"k"});
  ASSERT_TRUE(get);
  EXPECT_EQ(std::get<Get>(*get).key, "k");
  EXPECT_EQ(std::get<Put>(*convert<Request>(Put{"k", "v"})).value, "v");
  EXPECT_EQ(refusal<Request>(Point{}), "Object missing required field `type`");
  EXPECT_EQ(refusal<Request>(ArrayPoint{}), "Expected `str`, got `int` - at `$.type`");
  EXPECT_EQ(std::get<Get>(*convert<Request>(Named{"Get", "k"})).key, "k");
  EXPECT_EQ(refusal<Request>(Named{"Post", "k"}), "Invalid value 'Post' - at `$.type`");
  const auto all = convert<Requests>(Sources{{{"a"}, {"b"}}});
  ASSERT_TRUE(all);
  EXPECT_EQ(std::get<Get>(all->all[1]).key, "b");
}

struct Sparse {
  Unset<int> a;
  Unset<std::optional<int>> b;
};
struct Full {
  int a = 5;
  std::optional<int> b = 6;
  using wire = Rules<all_defaulted>;
};

TEST(ConvertMembers, takes_an_unset_for_absent) {
  EXPECT_TRUE(equal(*convert<Full>(Sparse{}), Full{}));
  EXPECT_TRUE(equal(*convert<Full>(Sparse{1, std::nullopt}), Full{1, std::nullopt}));
  struct Patch {
    Unset<std::int64_t> a;
    Unset<std::optional<std::int64_t>> b;
  };
  EXPECT_FALSE(convert<Patch>(Sparse{})->a.has_value());
  EXPECT_TRUE(convert<Patch>(Sparse{.b = std::nullopt})->b.has_value());
  EXPECT_EQ(refusal<Inner>(Sparse{}), "Object missing required field `a`");
}

struct Source {
  int shown = 1;
  int omitted = 2;
  int hidden = 3;
  std::string secret = "s";
  Point at{1, 2};
  std::map<std::string, Value> rest;
  using wire = Rules<omit_defaults, all_defaulted, member<&Source::hidden, skip>, member<&Source::secret, decode_only>,
                     member<&Source::at, flatten>, member<&Source::rest, keep_unknown_fields>, rename(NameStyle::upper)>;
};
struct Target {
  int shown = 0;
  int omitted = 0;
  int hidden = 0;
  std::string secret;
  double y = 0;
  int extra = 0;
  int written = 9;
  using wire = Rules<all_defaulted, member<&Target::written, encode_only>>;
};

TEST(ConvertMembers, sees_every_member_but_skipped_ones) {
  const auto target = convert<Target>(Source{.rest = {{"extra", 7}, {"written", 1}}});
  ASSERT_TRUE(target);
  EXPECT_TRUE(equal(*target, Target{1, 2, 0, "s", 2, 7, 9}));
}

struct Dynamic {
  Value list;
  Value some;
};

TEST(ConvertMembers, gives_a_value_the_struct_as_a_map_of_declared_names) {
  const auto dynamic = convert<Dynamic>(From{.list = {{1, "x"}}, .some = Wide{2, "y"}});
  ASSERT_TRUE(dynamic);
  EXPECT_EQ(dynamic->list, Value(Value::Array{Value::Map{{"a", 1}, {"b", "x"}}}));
  EXPECT_EQ(dynamic->some, Value(Value::Map{{"a", 2}, {"b", "y"}}));
}

TEST(ConvertMembers, makes_a_struct_of_a_map_by_wire_names) {
  struct Maps {
    std::map<std::string, int> value;
  };
  struct Structs {
    Camel value;
  };
  EXPECT_EQ(convert<Structs>(Maps{{{"someField", 1}, {"otherField", 2}, {"more", 3}}})->value.other_field, 2);
  EXPECT_EQ(refusal<Structs>(Maps{{{"some_field", 1}}}), "Object missing required field `someField` - at `$.value`");
}

TEST(ConvertMembers, copies_into_the_same_type_as_it_is) {
  EXPECT_EQ(convert<Point>(Point{1, 2})->y, 2);
  Numbers broken{{100}};
  EXPECT_EQ(convert<Numbers>(broken)->values[0], 100);
}

TEST(ConvertMembers, refuses_text_that_is_not_utf8) {
  EXPECT_EQ(convert<Dynamic>(Texts{{"\xff"}}).error().code(), ErrorCode::invalid_utf8);
  EXPECT_EQ(convert<V1>(V2{"\xff" "Point", {}, 1}).error().code(), ErrorCode::invalid_utf8);
}

TEST(ConvertMembers, reuses_the_target) {
  Target target{.shown = 9};
  ASSERT_TRUE(convert_into(Source{}, target));
  EXPECT_EQ(target.shown, 1);
}

}  // namespace
}  // namespace structwire
