// SPDX-License-Identifier: Apache-2.0
//
// The second group of samples.
#include <tests/conformance/formats.hpp>

#include <tests/conformance/damage_suite.hpp>
#include <tests/conformance/hostile_suite.hpp>
#include <tests/conformance/mutation_suite.hpp>
#include <tests/conformance/round_trip_suite.hpp>
#include <tests/conformance/shapes_suite.hpp>

namespace structwire::testing {

struct JsonShapes : Json {
  using SampleGroup = ShapeSamples;
};

INSTANTIATE_TYPED_TEST_SUITE_P(json_shapes, RoundTrip, JsonShapes);
INSTANTIATE_TYPED_TEST_SUITE_P(json_shapes, Shapes, JsonShapes);
INSTANTIATE_TYPED_TEST_SUITE_P(json_shapes, Damage, JsonShapes);
INSTANTIATE_TYPED_TEST_SUITE_P(json_shapes, Hostile, JsonShapes);
INSTANTIATE_TYPED_TEST_SUITE_P(json_shapes, Mutation, JsonShapes);

}  // namespace structwire::testing
