// SPDX-License-Identifier: Apache-2.0
#pragma once

// Two versions of one struct reading each other: members in another order, absent members, unknown
// members. For formats with keys; without them both sides need the same struct.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <tests/conformance/subject.hpp>

namespace structwire::testing {

struct VersionOne {
  std::int32_t id = 0;
  std::string name;
};

struct VersionTwo {
  std::int32_t id = 0;
  std::string name;
  std::int32_t rank = 5;
  std::optional<std::string> note = "left over";
  std::vector<std::int32_t> tags;
  std::optional<VersionOne> parent;
  using wire = Rules<member<&VersionTwo::rank, defaulted>, member<&VersionTwo::tags, defaulted>>;
};

/// The members of VersionTwo that VersionOne has, the other way round and after the new ones.
struct Reordered {
  std::vector<std::int32_t> tags;
  std::int32_t rank = 5;
  std::string name;
  std::int32_t id = 0;
  using wire =
      Rules<member<&Reordered::id, number<1>>, member<&Reordered::name, number<2>>,
            member<&Reordered::rank, number<3>>, member<&Reordered::tags, number<5>, defaulted>>;
};

struct Demanding {
  std::int32_t id = 0;
  std::string name;
  std::int32_t must = 0;
};

struct Strict {
  std::int32_t id = 0;
  std::string name;
  using wire = Rules<forbid_unknown_fields>;
};

struct Around {
  std::int32_t before = 0;
  std::int32_t after = 0;
  using wire = Rules<member<&Around::after, number<100>>>;
};
/// Around, with every sample between that Around does not know.
struct Crowded {
  std::int32_t before = 0;
  Integers integers;
  Floats floats;
  Texts texts;
  Binary binary;
  Optionals optionals;
  Sequences sequences;
  Enums enums;
  Maps maps;
  Tree tree;
  Nested nested;
  Renamed renamed;
  Wide wide;
  Empty empty;
  std::int32_t after = 0;
  using wire = Rules<member<&Crowded::after, number<100>>>;
};
template <class T>
struct CrowdedBy {
  std::int32_t before = 0;
  T unknown{};
  std::int32_t after = 0;
  using wire = Rules<member<&CrowdedBy::after, number<100>>>;
};

inline Crowded crowded(std::size_t i) {
  const auto pick = [i]<class T>(Samples<T> all) { return std::move(all[i % all.size()]); };
  return {1,
          pick(samples<Integers>()),
          pick(samples<Floats>()),
          pick(samples<Texts>()),
          pick(samples<Binary>()),
          pick(samples<Optionals>()),
          pick(samples<Sequences>()),
          pick(samples<Enums>()),
          pick(samples<Maps>()),
          pick(samples<Tree>()),
          pick(samples<Nested>()),
          pick(samples<Renamed>()),
          pick(samples<Wide>()),
          {},
          2};
}

template <class Format>
class Evolution : public ::testing::Test {};
TYPED_TEST_SUITE_P(Evolution);

/// Encodes `from` and decodes it as To.
template <class Format, class To, class From>
Result<To> reread(const From& from, To to = {}) {
  if (auto decoded = Format::decode_into(encoded<Format>(from), to); !decoded) {
    return std::unexpected(std::move(decoded.error()));
  }
  return to;
}

TYPED_TEST_P(Evolution, old_code_passes_over_new_members) {
  const VersionTwo written{1, "a", 6, "note", {1, 2}, VersionOne{2, "b"}};
  const auto read = reread<TypeParam, VersionOne>(written);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_TRUE(same(*read, VersionOne{1, "a"}));
}

TYPED_TEST_P(Evolution, new_code_fills_in_absent_members) {
  const VersionTwo used{9, "z", 9, "old", {9}, VersionOne{9, "z"}};
  for (const VersionTwo& target : {VersionTwo{}, used}) {
    const auto read = reread<TypeParam, VersionTwo>(VersionOne{1, "a"}, target);
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_TRUE(same(*read, VersionTwo{1, "a", 5, std::nullopt, {}, std::nullopt}));
  }
}

TYPED_TEST_P(Evolution, members_may_come_in_any_order) {
  const Reordered written{{1, 2, 3}, 6, "a", 1};
  const auto read = reread<TypeParam, VersionTwo>(written);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_TRUE(same(*read, VersionTwo{1, "a", 6, std::nullopt, {1, 2, 3}, std::nullopt}));
  const auto back = reread<TypeParam, Reordered>(*read);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_TRUE(same(*back, written));
}

TYPED_TEST_P(Evolution, an_absent_required_member_is_an_error) {
  const auto read = reread<TypeParam, Demanding>(VersionOne{1, "a"});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), ErrorCode::missing_field);
  EXPECT_EQ(read.error().message(), "Object missing required field `must`");
  const auto nested = reread<TypeParam, std::vector<Demanding>>(std::vector<VersionOne>{{1, "a"}});
  ASSERT_FALSE(nested);
  EXPECT_EQ(nested.error().path(), "$[0]");
}

TYPED_TEST_P(Evolution, a_strict_struct_refuses_unknown_members) {
  EXPECT_TRUE((reread<TypeParam, Strict>(VersionOne{1, "a"})));
  const auto read = reread<TypeParam, Strict>(Demanding{1, "a", 2});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), ErrorCode::unknown_field);
}

template <class Format, class From>
void expect_around(const From& from) {
  const auto read = reread<Format, Around>(from);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_TRUE(same(*read, Around{1, 2}));
}

TYPED_TEST_P(Evolution, unknown_members_of_any_type_are_passed_over) {
  for (std::size_t i = 0; i < samples<Integers>().size(); ++i) expect_around<TypeParam>(crowded(i));
  if constexpr (TypeParam::Reader::traits.self_describing) {
    for (const Value& value : samples<Value>())
      expect_around<TypeParam>(CrowdedBy<Value>{1, value, 2});
  }
}

REGISTER_TYPED_TEST_SUITE_P(Evolution, old_code_passes_over_new_members,
                            new_code_fills_in_absent_members, members_may_come_in_any_order,
                            an_absent_required_member_is_an_error,
                            a_strict_struct_refuses_unknown_members,
                            unknown_members_of_any_type_are_passed_over);

}  // namespace structwire::testing
