// SPDX-License-Identifier: Apache-2.0
#pragma once

// Damaged inputs: cut at every byte, every bit flipped. A damaged input is an error or another
// value of the type, which then goes through the format like any other. Never a crash, never a read
// beyond the input.
//
// Encodings beyond a few hundred bytes are damaged near both ends and at regular places between,
// because their middle is all alike.

#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include <tests/conformance/subject.hpp>

namespace structwire::testing {

template <class Format>
class Damage : public ::testing::Test {};
TYPED_TEST_SUITE_P(Damage);

inline std::vector<std::size_t> places_in(std::size_t size) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < size; i += i >= 200 && i + 40 < size ? (size + 39) / 40 : 1)
    places.push_back(i);
  return places;
}

/// Calls f(subject, bytes) for every sample.
template <class Format, class F>
void each_encoding(F&& f) {
  for (const Subject& subject : subjects<Format>()) {
    for (std::size_t i = 0; i < subject.samples; ++i) f(subject, subject.encode(i));
  }
}

TYPED_TEST_P(Damage, a_strict_prefix_is_an_error) {
  constexpr const FormatTraits& traits = TypeParam::Reader::traits;
  each_encoding<TypeParam>([&](const Subject& subject, const Buffer& whole) {
    const bool can_be_valid =
        traits.prefix_can_be_valid || (traits.numbers_are_open_ended && subject.can_be_number);
    for (const std::size_t size : places_in(whole.size())) {
      const Outcome outcome = subject.decode(whole.bytes().first(size));
      EXPECT_TRUE(outcome == Outcome::refused || (can_be_valid && outcome == Outcome::accepted))
          << subject.type << ": the first " << size << " bytes of " << whole.size();
    }
  });
}

TYPED_TEST_P(Damage, a_flipped_bit_is_an_error_or_another_value) {
  each_encoding<TypeParam>([](const Subject& subject, Buffer damaged) {
    for (const std::size_t place : places_in(damaged.size())) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        damaged.data()[place] ^= std::byte{1} << bit;
        EXPECT_NE(subject.decode(damaged), Outcome::broken)
            << subject.type << ": byte " << place << ", bit " << bit;
        damaged.data()[place] ^= std::byte{1} << bit;
      }
    }
  });
}

TYPED_TEST_P(Damage, a_byte_after_the_value_is_an_error) {
  each_encoding<TypeParam>([](const Subject& subject, Buffer longer) {
    const std::byte zero{0};
    longer.append(std::span(&zero, 1));
    EXPECT_EQ(subject.decode(longer), Outcome::refused) << subject.type;
  });
}

REGISTER_TYPED_TEST_SUITE_P(Damage, a_strict_prefix_is_an_error,
                            a_flipped_bit_is_an_error_or_another_value,
                            a_byte_after_the_value_is_an_error);

}  // namespace structwire::testing
