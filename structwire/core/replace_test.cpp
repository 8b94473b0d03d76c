// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/replace.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace structwire {
namespace {

struct Task {
  std::string id;
  int priority = 3;
  std::optional<std::string> note;
  std::vector<int> parts;
  bool operator==(const Task&) const = default;
  using wire = Rules<member<&Task::priority, defaulted, between(0, 9)>>;
};

struct Frozen {
  const std::string id;
  const int priority = 3;
  std::unique_ptr<int> owned;
  const std::optional<int> note;
};

struct Interval {
  double low = 0;
  double high = 0;
  const char* check() const { return low <= high ? nullptr : "`low` may not be greater than `high`"; }
  using wire = Rules<validated_by<&Interval::check>>;
};

struct Base {
  int a = 1;
};
struct Derived : Base {
  int b = 2;
};

class Account {
 public:
  explicit Account(int balance) : balance_(balance) {}
  int balance() const { return balance_; }
  Account with_balance(int balance) const { return replace(*this, set<&Account::balance_>(balance)); }

 private:
  int balance_;
};

TEST(Replace, gives_a_changed_copy) {
  const Task task{"t", 1, "n", {1, 2}};
  EXPECT_EQ(replace(task, set<&Task::priority>(9)), (Task{"t", 9, "n", {1, 2}}));
  EXPECT_EQ(replace(task, set<&Task::note>(std::nullopt), set<&Task::id>("u"), set<&Task::parts>({3})),
            (Task{"u", 1, std::nullopt, {3}}));
  EXPECT_EQ(replace(task), task);
  EXPECT_EQ(task.priority, 1);
}

TEST(Replace, moves_what_is_given_away) {
  Task task{"t", 1, {}, {1, 2}};
  const int* const parts = task.parts.data();
  EXPECT_EQ(replace(std::move(task), set<&Task::id>("u")).parts.data(), parts);
}

TEST(Replace, makes_structs_with_const_members_anew) {
  const Frozen changed = replace(Frozen{"a", 1, std::make_unique<int>(5), 7}, set<&Frozen::priority>(2));
  EXPECT_EQ(changed.id, "a");
  EXPECT_EQ(changed.priority, 2);
  EXPECT_EQ(*changed.owned, 5);
  EXPECT_EQ(changed.note, 7);
  const Frozen both = replace(Frozen{"a", 1, nullptr, 7}, set<&Frozen::owned>(std::make_unique<int>(6)),
                              set<&Frozen::id>("b"));
  EXPECT_EQ(both.id, "b");
  EXPECT_EQ(*both.owned, 6);
}

TEST(Replace, works_on_bases_and_on_private_members_for_those_who_see_them) {
  EXPECT_EQ(replace(Derived{}, set<&Derived::a>(5), set<&Derived::b>(6)).a, 5);
  EXPECT_EQ(Account(1).with_balance(2).balance(), 2);
}

TEST(Replace, works_at_compile_time) {
  struct Point {
    int x = 0;
    int y = 0;
  };
  static_assert(replace(Point{1, 2}, set<&Point::y>(5)).y == 5);
}

TEST(CheckedReplace, keeps_the_rules) {
  EXPECT_EQ(checked_replace(Task{"t"}, set<&Task::priority>(9))->priority, 9);
  EXPECT_EQ(checked_replace(Task{"t"}, set<&Task::priority>(10)).error().message(),
            "Expected `int` <= 9 - at `$.priority`");
  EXPECT_EQ(checked_replace(Interval{1, 2}, set<&Interval::low>(5)).error().message(),
            "`low` may not be greater than `high`");
  EXPECT_EQ(checked_replace(Frozen{"a", 1, nullptr, 7}, set<&Frozen::id>("\xff")).error().code(),
            ErrorCode::invalid_utf8);
}

}  // namespace
}  // namespace structwire
