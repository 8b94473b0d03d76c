// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every limit on an input holds in every format, and the largest allowed depth needs no more stack
// than 256 KiB.

#include <pthread.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <tests/conformance/evolution_suite.hpp>
#include <tests/conformance/subject.hpp>

namespace structwire::testing {

template <class Format>
class LimitsOf : public ::testing::Test {};
TYPED_TEST_SUITE_P(LimitsOf);

inline Chain chain(unsigned levels) {
  Chain outermost;
  for (unsigned level = 1; level < levels; ++level) {
    auto inner = std::make_unique<Chain>(std::move(outermost));
    outermost = Chain{std::move(inner)};
  }
  return outermost;
}

struct WithUnknown {
  Chain unknown;
  std::int32_t known = 0;
};
struct WithoutUnknown {
  std::int32_t known = 0;
  using wire = Rules<member<&WithoutUnknown::known, number<2>>>;
};

/// The code of decoding `value`'s encoding as To; none when that succeeds.
template <class Format, class To, class From>
ErrorCode outcome_as(const From& value, const DecodeOptions& options = {}) {
  auto written = Format::encode(value, 2 * WriterState::depth_max);
  if (!written) return written.error().code();
  To out{};
  const auto decoded = Format::decode_into(*written, out, options);
  return decoded ? ErrorCode::none : decoded.error().code();
}

/// Runs f in a thread whose stack is 256 KiB.
inline void run_on_a_small_stack(std::function<void()> f) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, 256 << 10), 0);
  pthread_t thread;
  const auto run = [](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &f), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

TYPED_TEST_P(LimitsOf, depth_512_is_decoded_and_513_is_an_error) {
  EXPECT_EQ((outcome_as<TypeParam, Chain>(chain(512))), ErrorCode::none);
  EXPECT_EQ((outcome_as<TypeParam, Chain>(chain(513))), ErrorCode::depth_limit);
  DecodeOptions shallow;
  shallow.limits.depth = 3;
  EXPECT_EQ((outcome_as<TypeParam, Chain>(chain(3), shallow)), ErrorCode::none);
  EXPECT_EQ((outcome_as<TypeParam, Chain>(chain(4), shallow)), ErrorCode::depth_limit);
}

TYPED_TEST_P(LimitsOf, depth_512_is_encoded_and_513_is_an_error) {
  EXPECT_TRUE(TypeParam::encode(chain(512)));
  const auto refused = TypeParam::encode(chain(513));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::depth_limit);
}

TYPED_TEST_P(LimitsOf, depth_counts_in_unknown_members_where_they_are_walked) {
  if (!TypeParam::Reader::traits.keys) return;
  EXPECT_EQ((outcome_as<TypeParam, WithoutUnknown>(WithUnknown{chain(511), 1})), ErrorCode::none);
  // A format whose values tell where they end passes over them as one, at any depth.
  const ErrorCode deeper = outcome_as<TypeParam, WithoutUnknown>(WithUnknown{chain(512), 1});
  if (TypeParam::is_bytes && TypeParam::Reader::traits.self_describing) {
    EXPECT_EQ(deeper, ErrorCode::depth_limit);
  } else {
    EXPECT_TRUE(deeper == ErrorCode::none || deeper == ErrorCode::depth_limit);
  }
}

TYPED_TEST_P(LimitsOf, depth_counts_in_untyped_values) {
  if constexpr (TypeParam::Reader::traits.self_describing) {
    EXPECT_EQ((outcome_as<TypeParam, Value>(chain(512))), ErrorCode::none);
    EXPECT_EQ((outcome_as<TypeParam, Value>(chain(513))), ErrorCode::depth_limit);
  }
}

TYPED_TEST_P(LimitsOf, depth_512_fits_a_stack_of_256_kib) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
  GTEST_SKIP() << "frames are larger in this build";
#else
  run_on_a_small_stack([] {
    EXPECT_EQ((outcome_as<TypeParam, Chain>(chain(512))), ErrorCode::none);
    if constexpr (TypeParam::Reader::traits.keys) {
      EXPECT_EQ((outcome_as<TypeParam, WithoutUnknown>(WithUnknown{chain(511), 1})),
                ErrorCode::none);
    }
    if constexpr (TypeParam::Reader::traits.self_describing) {
      EXPECT_EQ((outcome_as<TypeParam, Value>(chain(512))), ErrorCode::none);
    }
    EXPECT_EQ((outcome_as<TypeParam, Tree>(samples<Tree>().back())), ErrorCode::none);
  });
#endif
}

// Readers need not enforce limits below what their shortest headers count: 255 bytes, 15 items.
TYPED_TEST_P(LimitsOf, text_bytes_and_items_have_a_limit) {
  DecodeOptions options;
  options.limits.string_bytes = 300;
  options.limits.container_items = 20;
  const auto of_text = [&](std::size_t size) {
    return outcome_as<TypeParam, std::string>(std::string(size, 'x'), options);
  };
  const auto of_bytes = [&](std::size_t size) {
    return outcome_as<TypeParam, Bytes>(Bytes(size), options);
  };
  const auto of_items = [&](std::size_t size) {
    return outcome_as<TypeParam, std::vector<std::int32_t>>(std::vector<std::int32_t>(size),
                                                            options);
  };
  const auto of_member = [&](std::size_t size) {
    return outcome_as<TypeParam, VersionTwo>(
        VersionTwo{.name = "", .tags = std::vector<std::int32_t>(size)}, options);
  };
  const auto of_entries = [&](int size) {
    std::map<std::int32_t, bool> entries;
    for (int i = 0; i < size; ++i) entries[i] = true;
    return outcome_as<TypeParam, std::map<std::int32_t, bool>>(entries, options);
  };
  EXPECT_EQ(of_text(300), ErrorCode::none);
  EXPECT_EQ(of_text(301), ErrorCode::size_limit);
  EXPECT_EQ(of_bytes(200), ErrorCode::none);
  EXPECT_EQ(of_bytes(301), ErrorCode::size_limit);
  EXPECT_EQ(of_items(20), ErrorCode::none);
  EXPECT_EQ(of_items(21), ErrorCode::size_limit);
  EXPECT_EQ(of_member(20), ErrorCode::none);
  EXPECT_EQ(of_member(21), ErrorCode::size_limit);
  EXPECT_EQ(of_entries(20), ErrorCode::none);
  EXPECT_EQ(of_entries(21), ErrorCode::size_limit);
}

TYPED_TEST_P(LimitsOf, decoded_containers_have_a_limit_in_memory) {
  DecodeOptions options;
  options.limits.decoded_bytes = 20000;
  const auto of_items = [&](std::size_t size) {
    return outcome_as<TypeParam, std::vector<Tree>>(std::vector<Tree>(size), options);
  };
  EXPECT_EQ(of_items(10), ErrorCode::none);
  EXPECT_EQ(of_items(1000), ErrorCode::size_limit);
}

REGISTER_TYPED_TEST_SUITE_P(LimitsOf, depth_512_is_decoded_and_513_is_an_error,
                            depth_512_is_encoded_and_513_is_an_error,
                            depth_counts_in_unknown_members_where_they_are_walked,
                            depth_counts_in_untyped_values, depth_512_fits_a_stack_of_256_kib,
                            text_bytes_and_items_have_a_limit,
                            decoded_containers_have_a_limit_in_memory);

}  // namespace structwire::testing
