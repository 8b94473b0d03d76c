// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lengths that lie allocate nothing large: whatever an input announces, decoding it takes at most
// some KiB and sixteen times its size. The inputs: each format's own list, and every sample with
// each place overwritten by the largest bytes.

#include <algorithm>
#include <cstddef>

#include <gtest/gtest.h>

#include <tests/conformance/subject.hpp>

namespace structwire::testing {

template <class Format>
class Hostile : public ::testing::Test {};
TYPED_TEST_SUITE_P(Hostile);

inline void expect_small(const Subject& subject, const Buffer& input) {
  const std::size_t allowed = (16u << 10) + 16 * input.size();
  EXPECT_LE(subject.decode_peak(input), allowed) << subject.type;
}

TYPED_TEST_P(Hostile, announced_lengths_allocate_nothing_large) {
  for (const Subject& subject : subjects<TypeParam>()) {
    for (const Buffer& input : TypeParam::hostile()) expect_small(subject, input);
  }
}

TYPED_TEST_P(Hostile, overwritten_lengths_allocate_nothing_large) {
  for (const Subject& subject : subjects<TypeParam>()) {
    for (std::size_t i = 0; i < subject.samples; ++i) {
      const Buffer whole = subject.encode(i);
      for (std::size_t place = 0; place < whole.size() && whole.size() <= 300; ++place) {
        for (const std::size_t width : {1u, 4u}) {
          Buffer input = whole;
          std::fill_n(input.data() + place, std::min(width, input.size() - place), std::byte{0xff});
          expect_small(subject, input);
        }
      }
    }
  }
}

REGISTER_TYPED_TEST_SUITE_P(Hostile, announced_lengths_allocate_nothing_large,
                            overwritten_lengths_allocate_nothing_large);

}  // namespace structwire::testing
