// SPDX-License-Identifier: Apache-2.0
#include <tests/contract/both_ways.hpp>
#include <tests/support/sample_shapes.hpp>

namespace structwire::testing {
namespace {

struct Layered {
  std::int32_t written = 5;
  std::int32_t read = 6;
  std::string title;
  std::optional<Inner> inner;
  Decimal price;
  double zero = 0.0;
  using wire = Rules<all_defaulted, omit_defaults, forbid_unknown_fields, member<&Layered::written, encode_only>,
                     member<&Layered::read, decode_only>, member<&Layered::title, omit_empty>>;
};
struct Strict {
  std::int32_t a = 1;
  Layered layered;
  Unset<bool> flag;
  using wire = Rules<all_defaulted, array_like, tag<"strict">, forbid_unknown_fields>;
};

struct Outer {
  Layered layered;
  std::vector<Layered> several;
  using wire = Rules<all_defaulted, omit_defaults>;
};

TEST(BothWays, shapes_of_every_kind_are_read_alike_by_type_and_by_schema) {
  std::vector<BothWays> types;
  ShapeSamples::each<json::Reader>([&]<class T>(Sample<T>) { types.push_back(both_ways<T>(samples<T>())); });
  types.push_back(both_ways<Layered>(std::vector<Layered>{{}, {.title = "x", .inner = Inner{}}}));
  types.push_back(both_ways<Strict>(std::vector<Strict>{{}, {.flag = true}}));
  types.push_back(both_ways<Outer>(std::vector<Outer>{{}, {.layered = {.title = "x"}}, {.several = {{}, {}}}}));
  const Value read(Value::Map{{Value("read"), Value(9)}});
  types.back().samples.push_back(Value(Value::Map{{Value("layered"), read}}));
  types.back().samples.push_back(Value(Value::Map{{Value("several"), Value(Value::Array{read})}}));
  test::Random random(test::random_seed());
  const BothWaysCounts counts = compare_both_ways(types, 400, random);
  std::printf("%zu types: %zu values and %zu errors equal, %zu excused, %zu different\n", types.size(), counts.values,
              counts.errors, counts.excused, counts.different);
  EXPECT_GT(counts.values, counts.errors / 20);
  EXPECT_GT(counts.errors, counts.values / 20);
}

}  // namespace
}  // namespace structwire::testing
