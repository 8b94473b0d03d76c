// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/plan.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace structwire {
namespace {

struct Message {
  std::string message_id;
  double timestamp;
  int priority = 3;
  std::optional<std::string> note;
  std::optional<int> insisted;
  Bytes payload;

  using wire = Rules<member<&Message::priority, defaulted, between(0, 9), name<"prio">, number<40>>,
                     member<&Message::insisted, required>, member<&Message::payload, omit_empty>,
                     forbid_unknown_fields>;
};

class Account {
 public:
  explicit Account(int balance) : balance_(balance) {}
  int balance() const { return balance_; }

 private:
  std::string owner_;
  int balance_;

 public:
  using wire = Rules<members<&Account::balance_, &Account::owner_>, member<&Account::balance_, name<"balance">>>;
};

struct Base {
  int inherited;
};
struct Derived : Base {
  int own;
  using wire = Rules<members<&Derived::inherited, &Derived::own>>;
};

struct Foreign {
  int a;
  int b;
};

}  // namespace

template <>
struct rules_for<Foreign> : Rules<all_defaulted, member<&Foreign::b, required>> {};

namespace {

TEST(Plan, says_which_members_must_be_there) {
  using P = Plan<Message>;
  EXPECT_TRUE(P::members[0].required);
  EXPECT_FALSE(P::members[2].required) << "defaulted";
  EXPECT_FALSE(P::members[3].required) << "a std::optional may be absent";
  EXPECT_TRUE(P::members[4].required) << "unless a rule insists";
}

TEST(Plan, carries_names_numbers_and_policy) {
  using P = Plan<Message>;
  EXPECT_EQ(P::size, 6u);
  EXPECT_EQ(P::members[2].declared_name, "priority");
  EXPECT_EQ(P::members[2].wire_name, "prio");
  EXPECT_EQ(P::members[2].number, 40u);
  EXPECT_EQ(P::members[3].number, 4u);
  EXPECT_TRUE(P::members[5].omit_empty);
  EXPECT_TRUE(P::omits_members);
  EXPECT_TRUE(P::forbid_unknown_fields);
}

TEST(Plan, finds_members_by_wire_name_and_number) {
  EXPECT_EQ(Plan<Message>::find("prio"), 2);
  EXPECT_EQ(Plan<Message>::find("priority"), -1);
  EXPECT_EQ(Plan<Message>::find(40u), 2);
  EXPECT_EQ(Plan<Message>::find(3u), -1);
}

TEST(Plan, lists_private_and_inherited_members_in_the_order_given) {
  EXPECT_EQ(Plan<Account>::members[0].wire_name, "balance");
  EXPECT_EQ(Plan<Account>::members[1].wire_name, "owner_");
  Account account(5);
  Plan<Account>::get<0>(account) = 9;
  EXPECT_EQ(account.balance(), 9);
  Derived derived{{1}, 2};
  EXPECT_EQ(Plan<Derived>::get<0>(derived), 1);
  EXPECT_EQ(Plan<Derived>::get<1>(derived), 2);
}

TEST(Plan, takes_rules_for_structs_of_others) {
  EXPECT_TRUE(Plan<Foreign>::members[0].defaulted);
  EXPECT_TRUE(Plan<Foreign>::members[1].required);
}

TEST(Plan, hands_out_the_rules_of_a_member) {
  std::int64_t high = 0;
  Plan<Message>::visit_rules<2>([&](auto rule) {
    if constexpr (requires { rule.high; }) high = rule.high;
  });
  EXPECT_EQ(high, 9);
}

TEST(MemberSet, contains_what_was_inserted) {
  MemberSet<100> some;
  some.insert(0);
  some.insert(99);
  MemberSet<100> more = some;
  more.insert(64);
  EXPECT_TRUE(some.contains(0) && some.contains(99));
  EXPECT_FALSE(some.contains(64));
  EXPECT_FALSE(some == more);
}

}  // namespace
}  // namespace structwire
