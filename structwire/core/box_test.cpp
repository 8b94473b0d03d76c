// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/box.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <variant>
#include <vector>

#include <structwire/core/reflect.hpp>

namespace structwire {
namespace {

struct Point {
  int x = 0;
  int y = 0;
  friend auto operator<=>(const Point&, const Point&) = default;
};

struct Node {
  std::int64_t value = 0;
  std::optional<Box<Node>> next;
  friend bool operator==(const Node&, const Node&) = default;
};

struct Sum;
struct Negation;
using Expression = std::variant<int, Box<Sum>, Box<Negation>>;
struct Sum {
  Expression left;
  Expression right;
  friend bool operator==(const Sum&, const Sum&) = default;
};
struct Negation {
  Expression of;
  friend bool operator==(const Negation&, const Negation&) = default;
};

struct Even;
struct Odd {
  std::vector<Box<Even>> next;
};
struct Even {
  std::vector<Box<Odd>> next;
};

Node chain(std::int64_t length) {
  Node head;
  for (std::int64_t i = 1; i < length; ++i) {
    Node longer{.value = i, .next = std::nullopt};
    longer.next = std::move(head);
    head = std::move(longer);
  }
  return head;
}

TEST(Box, is_never_null_and_passes_const_through) {
  Box<Point> box;
  EXPECT_EQ(box->x, 0);
  box->x = 3;
  (*box).y = 4;
  const Box<Point>& constant = box;
  static_assert(std::is_same_v<decltype(*constant), const Point&>);
  EXPECT_EQ(*constant, (Point{3, 4}));
}

TEST(Box, takes_what_its_type_takes) {
  const Box<std::string> text("lit");
  EXPECT_EQ(*text, "lit");
  const Box<Point> point{{.x = 1, .y = 2}};
  EXPECT_EQ(point->y, 2);
  Box<std::string> repeated(std::in_place, 3u, 'x');
  EXPECT_EQ(*repeated, "xxx");
  repeated = {"again"};
  EXPECT_EQ(repeated, std::string("again"));
  static_assert(!std::is_constructible_v<Box<Point>, std::string>);
}

TEST(Box, copies_deeply) {
  Box<std::vector<int>> first = std::vector{1, 2};
  Box<std::vector<int>> second = first;
  second->push_back(3);
  EXPECT_EQ(first->size(), 2u);
  first = second;
  EXPECT_EQ(first, second);
  const Box<std::vector<int>>& itself = first;
  first = itself;
  EXPECT_EQ(first->size(), 3u);
}

TEST(Box, moves_without_touching_what_it_holds) {
  Box<std::string> first("a");
  const std::string* address = &*first;
  Box<std::string> second = std::move(first);
  EXPECT_EQ(&*second, address);
  EXPECT_TRUE(first.was_moved_from());
  const Box<std::string> copy_of_nothing = first;
  EXPECT_TRUE(copy_of_nothing.was_moved_from());
  EXPECT_EQ(first, copy_of_nothing);
  EXPECT_NE(first, second);
  EXPECT_LT(first, second);
  first = std::string("b");
  EXPECT_EQ(*first, "b");
  second = std::move(first);
  EXPECT_EQ(*second, "b");
  static_assert(std::is_nothrow_move_constructible_v<Box<std::string>>);
}

TEST(Box, can_be_assigned_a_part_of_itself) {
  Node head = chain(3);
  Box<Node> box = head;
  box = *box->next;
  EXPECT_EQ(box->value, 1);
  box = std::move(*box->next);
  EXPECT_EQ(box->value, 0);
}

TEST(Box, compares_and_hashes_by_value) {
  EXPECT_EQ(Box<int>(3), Box<int>(3));
  EXPECT_EQ(Box<int>(3), 3);
  EXPECT_LT(Box<int>(3), Box<int>(4));
  EXPECT_EQ(std::hash<Box<std::string>>{}(std::string("a")), std::hash<std::string>{}("a"));
  const std::set<Box<Point>> ordered{Point{2, 1}, Point{1, 2}, Point{2, 1}};
  EXPECT_EQ(ordered.size(), 2u);
  EXPECT_EQ((*ordered.begin())->x, 1);
  const std::unordered_set<Box<int>> hashed{1, 2, 1};
  EXPECT_EQ(hashed.size(), 2u);
}

TEST(Box, holds_what_can_only_be_moved) {
  Box<std::unique_ptr<int>> box = std::make_unique<int>(1);
  const std::unique_ptr<int> taken = *std::move(box);
  EXPECT_EQ(*taken, 1);
}

TEST(Box, lets_structs_contain_themselves) {
  const Node head = chain(3);
  EXPECT_EQ((*head.next)->value, 1);
  const Node copy = head;
  EXPECT_EQ(copy, head);
  EXPECT_NE(copy, chain(4));
  static_assert(reflect::member_count<Node> == 2);
  static_assert(reflect::member_count<Sum> == 2);

  const Expression sum = Box<Sum>{{.left = 1, .right = Box<Negation>{{.of = 2}}}};
  EXPECT_EQ(sum, Expression(sum));
  EXPECT_NE(sum, Expression(1));
}

TEST(Box, destroys_a_chain_of_a_million_on_a_small_stack) {
  {
    const Node head = chain(1'000'000);
  }
  Even even;
  for (int i = 0; i < 300'000; ++i) {
    Odd odd;
    odd.next.emplace_back(std::move(even));
    even = Even();
    even.next.emplace_back(std::move(odd));
  }
}

struct Counted {
  explicit Counted(int* count) : count_(count) { ++*count_; }
  Counted(const Counted& other) : count_(other.count_), below(other.below) { ++*count_; }
  ~Counted() { --*count_; }
  int* count_;
  std::vector<Box<Counted>> below;
};

TEST(Box, destroys_everything_exactly_once_at_any_depth) {
  for (const int depth : {1, 31, 32, 33, 34, 100, 1000}) {
    int alive = 0;
    {
      Box<Counted> top(std::in_place, &alive);
      for (int i = 0; i < depth; ++i) {
        Box<Counted> above(std::in_place, &alive);
        above->below.push_back(std::move(top));
        above->below.emplace_back(std::in_place, &alive);
        top = std::move(above);
      }
      EXPECT_EQ(alive, 1 + 2 * depth);
    }
    EXPECT_EQ(alive, 0) << depth;
  }
}

}  // namespace
}  // namespace structwire
