// SPDX-License-Identifier: Apache-2.0
#pragma once

// What was encoded comes back, also into an object that was used before.

#include <gtest/gtest.h>

#include <tests/conformance/subject.hpp>

namespace structwire::testing {

template <class Format>
class RoundTrip : public ::testing::Test {};
TYPED_TEST_SUITE_P(RoundTrip);

TYPED_TEST_P(RoundTrip, every_sample_comes_back) {
  for (const Subject& subject : subjects<TypeParam>()) {
    for (std::size_t i = 0; i < subject.samples; ++i)
      EXPECT_EQ(subject.round_trip(i), "") << subject.type << " " << i;
  }
}

TYPED_TEST_P(RoundTrip, a_reused_object_equals_a_fresh_one) {
  for (const Subject& subject : subjects<TypeParam>()) {
    for (std::size_t i = 0; i < subject.samples; ++i) {
      for (const std::size_t step : {1u, 3u}) {
        EXPECT_EQ(subject.reuse(i, (i + step) % subject.samples), "") << subject.type << " " << i;
      }
    }
  }
}

REGISTER_TYPED_TEST_SUITE_P(RoundTrip, every_sample_comes_back, a_reused_object_equals_a_fresh_one);

}  // namespace structwire::testing
