// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/describe.hpp>

#include <gtest/gtest.h>

#include <memory>

#include <structwire/core/date.hpp>
#include <structwire/core/decimal.hpp>

namespace structwire::contract {
namespace {

enum class Paint { red, light_green, other };

struct Leaf {
  std::string text = "x";
  using wire = Rules<all_defaulted, tag<"leaf">, tag_field<"kind">>;
};

namespace other {
struct Leaf {
  int depth;
};
}  // namespace other

template <class T>
struct Page {
  std::vector<T> items;
};

bool is_even(const std::int64_t& number) { return number % 2 == 0; }

struct Order {
  std::int64_t id;
  std::optional<std::string> note;
  Unset<std::int64_t> limit;
  std::uint16_t priority = 3;
  Paint color = Paint::red;
  Bytes payload;
  std::map<std::string, Page<std::int64_t>> pages;
  std::unique_ptr<Order> next;
  std::variant<Leaf, std::monostate> leaf;
  other::Leaf other_leaf;
  Decimal price;

  using wire = Rules<member<&Order::id, ge(0), between(-5, 100), number<19>, validated_by<is_even>>,
                     member<&Order::note, max_length(8), description<"For people.">>,
                     member<&Order::priority, defaulted, alias<"prio">>, member<&Order::color, defaulted>,
                     member<&Order::payload, hex, defaulted>, member<&Order::price, gt("0.5")>,
                     forbid_unknown_fields, version<3>, description<"What is bought.">>;
};

}  // namespace
}  // namespace structwire::contract

template <>
inline constexpr auto structwire::enum_values<structwire::contract::Paint> =
    structwire::by_name<structwire::contract::Paint::red,
                        structwire::enumerator<structwire::contract::Paint::light_green, "light green">,
                        structwire::catch_all<structwire::contract::Paint::other>,
                        structwire::description<"Of the paper.">>;

namespace structwire::contract {
namespace {

const Schema& order() {
  static const Schema made = describe<Order>();
  return made;
}

TEST(Describe, a_struct_is_a_definition_that_the_root_names) {
  EXPECT_EQ(order().type.kind, TypeKind::structure);
  ASSERT_NE(order().root(), nullptr);
  EXPECT_EQ(order().root()->name, "Order");
  EXPECT_EQ(order().root()->version, 3u);
  EXPECT_EQ(order().root()->description, "What is bought.");
  EXPECT_EQ(order().root()->unknown_fields, UnknownFields::forbid);
  EXPECT_EQ(order().root()->members.size(), 11u);
}

TEST(Describe, members_say_when_they_may_be_absent_and_what_they_are_then) {
  const StructSchema& root = *order().root();
  EXPECT_EQ(root.find("id")->presence, Presence::required);
  EXPECT_EQ(root.find("note")->presence, Presence::optional);
  EXPECT_EQ(root.find("note")->default_value, Value());
  EXPECT_EQ(root.find("limit")->presence, Presence::unset);
  EXPECT_FALSE(root.find("limit")->default_value.has_value());
  EXPECT_EQ(root.find("priority")->default_value, Value(3));
  EXPECT_EQ(root.find("priority")->aliases, std::vector<std::string>{"prio"});
  EXPECT_EQ(root.find("color")->default_value, Value("red"));
  EXPECT_EQ(root.find("payload")->default_value, Value(""));
  EXPECT_EQ(root.find("next")->type.parts.front().name, "Order");
}

TEST(Describe, rules_stand_on_the_value_that_they_are_about) {
  const StructSchema& root = *order().root();
  const TypeSchema& id = root.find("id")->type;
  EXPECT_EQ(id.ge, Value(0)) << "the tighter of two lower bounds";
  EXPECT_EQ(id.le, Value(100));
  EXPECT_TRUE(id.checked);
  EXPECT_EQ(root.find("id")->number, 19u);
  const TypeSchema& note = root.find("note")->type;
  EXPECT_EQ(note.kind, TypeKind::optional);
  EXPECT_EQ(note.description, "For people.");
  EXPECT_EQ(note.parts.front().max_length, 8u);
  EXPECT_TRUE(note.parts.front().description.empty());
  EXPECT_EQ(root.find("payload")->type.bytes_text, BytesStyle::hex);
  EXPECT_EQ(root.find("price")->type.gt, Value("0.5"));
  EXPECT_TRUE(root.find("priority")->type.is_unsigned);
  EXPECT_EQ(root.find("priority")->type.bits, 16u);
}

TEST(Describe, names_are_short_where_they_are_unique) {
  const StructSchema& root = *order().root();
  EXPECT_EQ(root.find("pages")->type.parts.back().name, "Page<int>");
  const std::string& one = root.find("leaf")->type.parts.front().name;
  const std::string& two = root.find("other_leaf")->type.name;
  EXPECT_NE(one, two);
  EXPECT_TRUE(one.ends_with("::Leaf")) << one;
  EXPECT_TRUE(two.ends_with("other::Leaf")) << two;
  ASSERT_NE(order().find_struct(one), nullptr);
  EXPECT_EQ(order().find_struct(one)->tag, Value("leaf"));
  EXPECT_EQ(order().find_struct(one)->tag_field, "kind");
}

TEST(Describe, enums_list_their_values) {
  const EnumSchema* color = order().find_enum("Paint");
  ASSERT_NE(color, nullptr);
  EXPECT_EQ(color->values.size(), 3u);
  EXPECT_EQ(color->values[1].value, Value("light green"));
  EXPECT_EQ(color->catch_all, "other");
  EXPECT_EQ(color->description, "Of the paper.");
}

TEST(Describe, a_schema_is_a_contract_itself_and_survives_json) {
  const std::string text = json::encode(order());
  const auto back = json::decode<Schema>(text);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(*back, order());
  const Schema own = describe<Schema>();
  EXPECT_EQ(json::decode<Schema>(json::encode(own)).value(), own);
}

}  // namespace
}  // namespace structwire::contract
