// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/check.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include <structwire/core/plan.hpp>

namespace structwire {
namespace {

struct Bounded {
  int between_0_and_9;
  unsigned above_0;
  double at_most_half;
  float below_one;
  std::optional<int> maybe_positive;
  std::string two_to_three;
  std::vector<int> at_least_one;
  std::int64_t several;

  using wire = Rules<member<&Bounded::between_0_and_9, between(0, 9)>, member<&Bounded::above_0, gt(0)>,
                     member<&Bounded::at_most_half, le(0.5)>, member<&Bounded::below_one, lt(1)>,
                     member<&Bounded::maybe_positive, ge(1)>,
                     member<&Bounded::two_to_three, min_length(2), max_length(3)>,
                     member<&Bounded::at_least_one, min_length(1)>,
                     member<&Bounded::several, ge(-5), lt(100)>>;
};

template <std::size_t I>
std::string broken(const typename Plan<Bounded>::MemberType<I>& value) {
  std::string condition;
  const auto note = [&](std::string text) {
    condition = std::move(text);
    return false;
  };
  const bool holds = check::rules<typename Plan<Bounded>::MemberRules<I>>(value, note, note);
  EXPECT_EQ(holds, condition.empty());
  return condition;
}

TEST(Check, bounds_are_inclusive_or_not_as_they_say) {
  EXPECT_EQ(broken<0>(0), "");
  EXPECT_EQ(broken<0>(9), "");
  EXPECT_EQ(broken<0>(10), "`int` <= 9");
  EXPECT_EQ(broken<0>(-1), "`int` >= 0");
  EXPECT_EQ(broken<1>(1), "");
  EXPECT_EQ(broken<1>(0), "`int` >= 1") << "msgspec says > 0 of an integer like this";
  EXPECT_EQ(broken<1>(4'000'000'000u), "") << "compared as numbers, not as ints";
  EXPECT_EQ(broken<2>(0.5), "");
  EXPECT_EQ(broken<2>(0.75), "`float` <= 0.5");
  EXPECT_EQ(broken<3>(1.0f), "`float` < 1.0");
}

TEST(Check, looks_into_optionals) {
  EXPECT_EQ(broken<4>(std::nullopt), "");
  EXPECT_EQ(broken<4>(0), "`int` >= 1");
}

TEST(Check, lengths_of_text_are_code_points) {
  EXPECT_EQ(broken<5>("öö"), "");
  EXPECT_EQ(broken<5>("ö"), "`str` of length >= 2");
  EXPECT_EQ(broken<5>("abcd"), "`str` of length <= 3");
  EXPECT_EQ(broken<6>({}), "`array` of length >= 1");
}

TEST(Check, all_rules_of_a_member_hold) {
  EXPECT_EQ(broken<7>(99), "");
  EXPECT_EQ(broken<7>(100), "`int` <= 99");
  EXPECT_EQ(broken<7>(-6), "`int` >= -5");
}

}  // namespace
}  // namespace structwire
