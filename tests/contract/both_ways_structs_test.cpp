// SPDX-License-Identifier: Apache-2.0
#include <tests/contract/both_ways.hpp>
#include <tests/support/sample_structs.hpp>

namespace structwire::testing {
namespace {

TEST(BothWays, structs_of_every_kind_are_read_alike_by_type_and_by_schema) {
  std::vector<BothWays> types;
  for_each_sample<json::traits, true>([&]<class T>(Sample<T>) { types.push_back(both_ways<T>(samples<T>())); });
  test::Random random(test::random_seed());
  const BothWaysCounts counts = compare_both_ways(types, 400, random);
  std::printf("%zu types: %zu values and %zu errors equal, %zu excused, %zu different\n", types.size(), counts.values,
              counts.errors, counts.excused, counts.different);
  EXPECT_GT(counts.values, counts.errors / 20);
  EXPECT_GT(counts.errors, counts.values / 20);
}

}  // namespace
}  // namespace structwire::testing
