// SPDX-License-Identifier: Apache-2.0
#pragma once

// The fuzzers' invariant without a fuzzer: samples with a few random changes, from a printed seed,
// for a second or two per format.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include <tests/conformance/subject.hpp>
#include <tests/support/random.hpp>

namespace structwire::testing {

template <class Format>
class Mutation : public ::testing::Test {};
TYPED_TEST_SUITE_P(Mutation);

inline constexpr std::size_t mutated_size_max = 400;

/// One change: a byte, a bit, a part left out, repeated, or taken from another input.
inline void mutate(Bytes& bytes, const Bytes& other, test::Random& random) {
  const std::size_t place = random.below(bytes.size() + 1);
  const std::size_t length = std::min<std::size_t>(1 + random.below(8), bytes.size() - place);
  const auto at = [](Bytes& all, std::size_t i) {
    return all.begin() + static_cast<std::ptrdiff_t>(i);
  };
  switch (random.below(5)) {
    case 0:
      if (length != 0) bytes[place] = static_cast<std::byte>(random.bits());
      break;
    case 1:
      if (length != 0) bytes[place] ^= std::byte{1} << random.below(8);
      break;
    case 2:
      bytes.erase(at(bytes, place), at(bytes, place + length));
      break;
    case 3: {
      const Bytes part(at(bytes, place), at(bytes, place + length));
      bytes.insert(at(bytes, place), part.begin(), part.end());
      break;
    }
    default: {
      const std::size_t from = random.below(other.size() + 1);
      const std::size_t size = std::min<std::size_t>(random.below(24), other.size() - from);
      bytes.insert(at(bytes, place), other.begin() + static_cast<std::ptrdiff_t>(from),
                   other.begin() + static_cast<std::ptrdiff_t>(from + size));
    }
  }
}

TYPED_TEST_P(Mutation, a_mutated_sample_is_an_error_or_another_value) {
  const std::vector<Subject>& all = subjects<TypeParam>();
  std::vector<Bytes> inputs;
  for (const Subject& subject : all) {
    for (std::size_t i = 0; i < subject.samples; ++i) {
      const Buffer encoding = subject.encode(i);
      if (encoding.size() <= mutated_size_max)
        inputs.emplace_back(encoding.data(), encoding.data() + encoding.size());
    }
  }
  test::Random random(test::random_seed());
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
  std::size_t count = 0;
  for (; count % 64 != 0 || std::chrono::steady_clock::now() < end; ++count) {
    const Subject& subject = all[random.below(all.size())];
    Bytes bytes = inputs[random.below(inputs.size())];
    if (random.once_in(2)) {
      const Buffer own = subject.encode(random.below(subject.samples));
      if (own.size() <= mutated_size_max) bytes.assign(own.data(), own.data() + own.size());
    }
    for (std::uint64_t changes = 1 + random.below(4); changes != 0; --changes) {
      mutate(bytes, inputs[random.below(inputs.size())], random);
    }
    ASSERT_NE(subject.decode(bytes), Outcome::broken)
        << subject.type << ": " << ::testing::PrintToString(bytes);
  }
  std::printf("%zu inputs\n", count);
}

REGISTER_TYPED_TEST_SUITE_P(Mutation, a_mutated_sample_is_an_error_or_another_value);

}  // namespace structwire::testing
