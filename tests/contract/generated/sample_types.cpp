// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <tests/contract/generated/sample_types.hpp>
#include <tests/contract/generated/subject.hpp>

namespace structwire::testing::generated {

std::span<const SampleType> sample_types() {
  static constexpr std::array types = {
      sample_type<Order>("sample_Order"),
      sample_type<Awkward>("sample_Awkward"),
      sample_type<Integers>("sample_Integers"),
      sample_type<Unsigned>("sample_Unsigned"),
      sample_type<Times>("sample_Times"),
      sample_type<Nested>("sample_Nested"),
      sample_type<Tree>("sample_Tree"),
      sample_type<Digests>("sample_Digests"),
      sample_type<Direction>("sample_Direction"),
      sample_type<std::vector<std::variant<Sized, std::int64_t>>>("sample_Sizes"),
  };
  return types;
}

}  // namespace structwire::testing::generated
