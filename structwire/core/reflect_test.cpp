// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/reflect.hpp>

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace structwire::reflect {
namespace {

template <class T>
struct Template {
  int number;
  std::string text;
  std::optional<std::string> maybe;
  std::vector<Template> selves;
  std::unique_ptr<Template> self;
  std::variant<int, std::string> either;
  std::array<double, 2> pair;
  T größe;
  bool flag = true;
  const int fixed = 5;
  std::unique_ptr<int> move_only;
};
using Nested = Template<std::vector<std::map<int, std::string>>>;

struct Empty {};
struct Base {
  int inherited;
};
struct Derived : Base {
  int own;
};

template <class T, std::size_t... I>
std::vector<std::string_view> names_of(std::index_sequence<I...>) {
  return {member_name<T, I>...};
}

// 128 members is as far as the table reaches.
template <int>
struct Eight {
  int a, b, c, d, e, f, g, h;
};
struct Wide {
  int m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22, m23,
      m24, m25, m26, m27, m28, m29, m30, m31, m32, m33, m34, m35, m36, m37, m38, m39, m40, m41, m42, m43, m44, m45,
      m46, m47, m48, m49, m50, m51, m52, m53, m54, m55, m56, m57, m58, m59, m60, m61, m62, m63, m64, m65, m66, m67,
      m68, m69, m70, m71, m72, m73, m74, m75, m76, m77, m78, m79, m80, m81, m82, m83, m84, m85, m86, m87, m88, m89,
      m90, m91, m92, m93, m94, m95, m96, m97, m98, m99, m100, m101, m102, m103, m104, m105, m106, m107, m108, m109,
      m110, m111, m112, m113, m114, m115, m116, m117, m118, m119, m120, m121, m122, m123, m124, m125, m126, m127;
};

enum class Color { red, green_ };

TEST(Reflect, counts_members_whatever_their_types) {
  EXPECT_EQ(member_count<Nested>, 11u);
  EXPECT_EQ(member_count<Empty>, 0u);
  EXPECT_EQ(member_count<Wide>, 128u);
}

TEST(Reflect, names_members_as_they_are_declared) {
  const std::vector<std::string_view> expected = {"number", "text",   "maybe", "selves", "self",     "either",
                                                  "pair",   "größe", "flag",  "fixed",  "move_only"};
  EXPECT_EQ(names_of<Nested>(std::make_index_sequence<11>{}), expected);
  EXPECT_EQ((member_name<Wide, 127>), "m127");
}

TEST(Reflect, knows_local_and_unnamed_structs) {
  struct Local {
    int one;
    std::string two;
  };
  EXPECT_EQ((member_name<Local, 1>), "two");
  struct {
    int alpha;
  } unnamed{7};
  EXPECT_EQ((member_name<decltype(unnamed), 0>), "alpha");
}

TEST(Reflect, reaches_members_by_reference) {
  Eight<0> eight{};
  tied_member<6>(tie_members<8>(eight)) = 42;
  EXPECT_EQ(eight.g, 42);
}

TEST(Reflect, sees_base_classes) {
  EXPECT_TRUE(has_base<Derived>);
  EXPECT_FALSE(has_base<Nested>);
}

TEST(Reflect, names_pointers_to_members_and_enumerators) {
  EXPECT_EQ(pointer_name<&Nested::größe>, "größe");
  EXPECT_EQ(pointer_name<&Derived::own>, "own");
  EXPECT_EQ(enumerator_name<Color::green_>, "green_");
}

// reflect_twin_test.cpp has an enum of this name with another one behind the value 1.
enum class Twin { first, second };

TEST(Reflect, enums_of_one_name_in_unnamed_namespaces_keep_their_own_names) {
  EXPECT_EQ(std::string(enumerator_name<Twin::second>.data()), "second");
}

}  // namespace
}  // namespace structwire::reflect
