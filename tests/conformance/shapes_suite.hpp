// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the second group of samples needs beyond the suites over every sample: a struct passes over
// fields of any shape that it does not know, and keeps them where it keeps unknown fields.

#include <cstdint>

#include <gtest/gtest.h>

#include <tests/conformance/subject.hpp>
#include <tests/support/sample_shapes.hpp>

namespace structwire::testing {

struct BothEnds {
  std::int32_t before = 0;
  std::int32_t after = 0;
};
template <class T>
struct FilledBetween {
  std::int32_t before = 1;
  T unknown{};
  std::int32_t after = 2;
};

struct KeepsAll {
  std::map<std::string, Raw> others;
  using wire = Rules<member<&KeepsAll::others, keep_unknown_fields>>;
};

template <class Format>
class Shapes : public ::testing::Test {};
TYPED_TEST_SUITE_P(Shapes);

template <class Format, class To, class From>
To reread_as(const From& from) {
  To to{};
  const auto decoded = Format::decode_into(encoded<Format>(from), to);
  EXPECT_TRUE(decoded) << decoded.error().message();
  return to;
}

template <class Format, class T>
void expect_passed_over() {
  for (const T& sample : samples<T>()) {
    FilledBetween<T> filled;
    filled.unknown = sample;
    EXPECT_TRUE(same(reread_as<Format, BothEnds>(filled), BothEnds{1, 2})) << typeid(T).name();
    // Kept and written back, they are the struct again.
    const auto kept = reread_as<Format, KeepsAll>(filled);
    EXPECT_EQ(kept.others.size(), 3u) << typeid(T).name();
    const auto back = reread_as<Format, FilledBetween<T>>(kept);
    EXPECT_TRUE(same(back, filled)) << typeid(T).name();
  }
}

TYPED_TEST_P(Shapes, unknown_fields_of_any_shape_are_passed_over_or_kept) {
  expect_passed_over<TypeParam, Sets>();
  expect_passed_over<TypeParam, Tuples>();
  expect_passed_over<TypeParam, Variants>();
  expect_passed_over<TypeParam, Tagged>();
  expect_passed_over<TypeParam, ArrayTagged>();
  expect_passed_over<TypeParam, Literals>();
  expect_passed_over<TypeParam, Times>();
  expect_passed_over<TypeParam, Scalars>();
  expect_passed_over<TypeParam, Keys>();
  expect_passed_over<TypeParam, ArrayLikes>();
  if constexpr (TypeParam::Reader::traits.tells_bytes_from_text)
    expect_passed_over<TypeParam, Extensions>();
}

REGISTER_TYPED_TEST_SUITE_P(Shapes, unknown_fields_of_any_shape_are_passed_over_or_kept);

}  // namespace structwire::testing
