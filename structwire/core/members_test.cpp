// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/members.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace structwire {
namespace {

struct Origin {
  std::string host;
  int port = 80;
  using wire = Rules<member<&Origin::port, defaulted, name<"p">>>;
};

struct Event {
  int at = 0;
  Origin origin;
  std::optional<std::string> note;
  int cached = 7;
  std::map<std::string, Value> rest;
  using wire = Rules<member<&Event::origin, flatten>, member<&Event::note, alias<"remark", "text">>,
                     member<&Event::cached, skip>, member<&Event::rest, keep_unknown_fields>, tag<"event">,
                     tag_field<"kind">, rename(NameStyle::upper), omit_defaults>;
};

class Closed {
 public:
  explicit Closed(int a) : a_(a) {}

 private:
  int a_;
  int b_ = 2;

 public:
  using wire = Rules<members<&Closed::b_, &Closed::a_>, artifact, array_like>;
};

struct Empty {};

template <class T>
std::vector<std::string> names_in(T& x) {
  std::vector<std::string> names;
  for_each_member(x, [&](std::string_view name, const auto&) { names.emplace_back(name); });
  return names;
}

TEST(Members, are_walked_in_the_order_of_their_declaration) {
  const Event event;
  EXPECT_EQ(names_in(event), (std::vector<std::string>{"at", "origin", "note", "cached", "rest"}));
  const Closed closed(1);
  EXPECT_EQ(names_in(closed), (std::vector<std::string>{"b_", "a_"}));
  const Empty empty;
  EXPECT_TRUE(names_in(empty).empty());
}

TEST(Members, of_an_object_that_is_not_const_may_be_changed) {
  Origin origin{"a", 1};
  for_each_member(origin, [](std::string_view, auto& value) { value = {}; });
  EXPECT_EQ(origin.host, "");
  EXPECT_EQ(origin.port, 0);
}

TEST(Members, may_be_walked_at_compile_time) {
  struct Pair {
    int a = 3;
    int b = 4;
  };
  constexpr int sum = [] {
    const Pair pair;
    int total = 0;
    for_each_member(pair, [&](std::string_view, int value) { total += value; });
    return total;
  }();
  static_assert(sum == 7);
}

TEST(Members, know_where_they_stand_in_the_plan) {
  using All = DeclaredMembers<Event>;
  static_assert(All::index_in_plan<0> == 0);
  static_assert(All::place<1> == plan_detail::Place::flattened);
  static_assert(All::index_in_plan<2> == 3);
  static_assert(Plan<Event>::members[All::index_in_plan<2>].declared_name == "note");
}

TEST(Fields, are_a_constant_table) {
  constexpr auto table = fields<Event>();
  static_assert(table.size() == 4);
  static_assert(table[0].wire_name == "AT" && table[0].required && table[0].number == 1);
  static_assert(table[2].declared_name == "port" && table[2].wire_name == "p" && table[2].defaulted);
  static_assert(!table[3].required && table[3].aliases.size() == 2 && table[3].aliases[1] == "text");
  EXPECT_TRUE(fields<Empty>().empty());
}

TEST(StructOptions, say_what_the_rules_of_the_struct_say) {
  constexpr const StructOptions& event = struct_options<Event>;
  static_assert(event.name == "Event" && event.omit_defaults && !event.forbid_unknown_fields);
  static_assert(event.keeps_unknown_fields && event.rename == NameStyle::upper);
  static_assert(event.tag.kind == TagKind::text && event.tag.field == "kind" && event.tag.text == "event");
  constexpr const StructOptions& closed = struct_options<Closed>;
  static_assert(closed.forbid_unknown_fields && closed.omit_defaults && closed.deterministic && closed.array_like);
  static_assert(closed.tag.kind == TagKind::none);
  EXPECT_EQ(struct_options<Empty>.name, "Empty");
}

}  // namespace
}  // namespace structwire
