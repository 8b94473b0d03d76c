// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/patch.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <structwire/core/convert.hpp>
#include <structwire/core/equal.hpp>

namespace structwire {
namespace {

struct Limits2 {
  int attempts = 3;
  std::optional<int> seconds;
};
struct Task {
  std::string title = "untitled";
  int priority = 5;
  std::optional<std::int64_t> deadline;
  std::unique_ptr<int> slot;
  std::vector<std::string> tags{"new"};
  Limits2 limits;
  std::optional<Box<Limits2>> other;
  int untouched = 1;
  Annotated<int, ge(0)> level = 2;
  Unset<int> sparse;
  using wire = Rules<all_defaulted, rename(NameStyle::camel)>;
};

struct LimitsPatch {
  Unset<int> attempts;
  Unset<std::optional<int>> seconds;
};
struct TaskPatch {
  Unset<std::string> title;
  Unset<std::optional<int>> priority;
  Unset<std::optional<std::int32_t>> deadline;
  Unset<std::optional<int>> slot;
  Unset<std::optional<std::vector<std::string>>> tags;
  Unset<LimitsPatch> limits;
  Unset<std::optional<LimitsPatch>> other;
  Unset<int> level;
  Unset<std::optional<int>> sparse;
};

Task some_task() {
  Task task;
  task.title = "t";
  task.priority = 9;
  task.deadline = 100;
  task.slot = std::make_unique<int>(4);
  task.tags = {"a"};
  task.limits = {7, 8};
  task.other = Box<Limits2>(Limits2{1, 2});
  task.untouched = 6;
  task.sparse = 3;
  return task;
}

TEST(ApplyPatch, keeps_what_is_absent) {
  Task task = some_task();
  apply_patch(task, TaskPatch{});
  EXPECT_TRUE(equal(task, some_task()));
}

TEST(ApplyPatch, sets_to_a_value_also_when_it_is_the_default) {
  Task task = some_task();
  Task& same = apply_patch(task, TaskPatch{.title = "untitled",
                                           .priority = 5,
                                           .deadline = 7,
                                           .slot = 1,
                                           .tags = std::vector<std::string>{},
                                           .level = 4,
                                           .sparse = 8});
  EXPECT_EQ(&same, &task);
  EXPECT_EQ(task.title, "untitled");
  EXPECT_EQ(task.priority, 5);
  EXPECT_EQ(task.deadline, 7);
  EXPECT_TRUE(task.tags.empty());
  EXPECT_EQ(task.level, 4);
  EXPECT_EQ(task.sparse, 8);
  EXPECT_EQ(task.untouched, 6);
  EXPECT_EQ(*task.slot, 1);
}

TEST(ApplyPatch, clears_on_null) {
  Task task = some_task();
  apply_patch(task, TaskPatch{.priority = std::nullopt,
                              .deadline = std::nullopt,
                              .slot = std::nullopt,
                              .tags = std::nullopt,
                              .other = std::nullopt,
                              .sparse = std::nullopt});
  EXPECT_EQ(task.priority, 5);
  EXPECT_FALSE(task.deadline.has_value());
  EXPECT_EQ(task.slot, nullptr);
  EXPECT_EQ(task.tags, std::vector<std::string>{"new"});
  EXPECT_FALSE(task.other.has_value());
  EXPECT_FALSE(task.sparse.has_value());
  EXPECT_EQ(task.title, "t");
}

TEST(ApplyPatch, applies_patches_inside) {
  Task task = some_task();
  apply_patch(task, TaskPatch{.limits = LimitsPatch{.attempts = 1}, .other = LimitsPatch{.seconds = std::nullopt}});
  EXPECT_EQ(task.limits.attempts, 1);
  EXPECT_EQ(task.limits.seconds, 8);
  EXPECT_EQ((*task.other)->attempts, 1);
  EXPECT_FALSE((*task.other)->seconds.has_value());
  Task without;
  apply_patch(without, TaskPatch{.other = LimitsPatch{.seconds = 4}});
  EXPECT_EQ((*without.other)->attempts, 3);
  EXPECT_EQ((*without.other)->seconds, 4);
}

TEST(ApplyPatch, sets_with_members_that_are_no_unset) {
  struct Plain {
    std::string title;
    std::optional<int> priority;
    Limits2 limits;
  };
  Task task = some_task();
  apply_patch(task, Plain{.title = "p", .priority = std::nullopt, .limits = {1, std::nullopt}});
  EXPECT_EQ(task.title, "p");
  EXPECT_EQ(task.priority, 5);
  EXPECT_EQ(task.limits.attempts, 1);
  EXPECT_FALSE(task.limits.seconds.has_value());
}

TEST(ApplyPatch, moves_out_of_a_patch_that_is_given_away) {
  const std::string text(100, 'x');
  TaskPatch patch{.title = text};
  const char* const characters = patch.title->data();
  Task task;
  apply_patch(task, std::move(patch));
  EXPECT_EQ(task.title.data(), characters);
  TaskPatch kept{.title = text};
  apply_patch(task, kept);
  EXPECT_EQ(kept.title, text);
  const TaskPatch constant{.title = "c"};
  EXPECT_EQ(apply_patch(task, constant).title, "c");
}

TEST(Patched, leaves_the_base_as_it_is) {
  struct Pair {
    int a = 1;
    std::optional<int> b = 2;
  };
  struct PairPatch {
    Unset<std::optional<int>> a;
    Unset<std::optional<int>> b;
  };
  const Pair base{5, 6};
  EXPECT_TRUE(equal(patched(base, PairPatch{.b = std::nullopt}), Pair{5, std::nullopt}));
  EXPECT_TRUE(equal(patched(base, PairPatch{.a = std::nullopt}), Pair{1, 6}));
  EXPECT_EQ(base.b, 6);
}

TEST(ApplyPatch, converts_between_wrappers) {
  struct Base {
    std::optional<std::int64_t> wide;
    Unset<Annotated<double, ge(0)>> ratio;
    int plain = 0;
    Annotated<std::string, max_length(3)> text;
  };
  struct Patch {
    Unset<int> wide;
    Unset<float> ratio;
    Unset<Annotated<int, ge(0)>> plain;
    Unset<std::string> text;
  };
  const Base changed = patched(Base{}, Patch{1, 0.5f, 3, "abc"});
  EXPECT_EQ(changed.wide, 1);
  EXPECT_EQ(changed.ratio, 0.5);
  EXPECT_EQ(changed.plain, 3);
  EXPECT_EQ(changed.text, "abc");
}

struct Point {
  int x = 0;
  int y = 0;
};
struct Circle {
  Point centre;
  int radius = 1;
  using wire = Rules<member<&Circle::centre, flatten>>;
};
struct CirclePatch {
  Unset<int> y;
  Unset<int> radius;
};

TEST(ApplyPatch, reaches_into_flattened_members) {
  EXPECT_EQ(patched(Circle{}, CirclePatch{.y = 3, .radius = 2}).centre.y, 3);
}

TEST(ApplyPatch, takes_a_patch_from_the_wire) {
  const auto patch = convert<CirclePatch>(Value(Value::Map{{"radius", 7}}));
  ASSERT_TRUE(patch);
  const Circle circle = patched(Circle{{1, 2}, 3}, *patch);
  EXPECT_EQ(circle.centre.y, 2);
  EXPECT_EQ(circle.radius, 7);
}

}  // namespace
}  // namespace structwire
