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

struct MessagePackShapes : MessagePack {
  using SampleGroup = ShapeSamples;
};

INSTANTIATE_TYPED_TEST_SUITE_P(msgpack_shapes, RoundTrip, MessagePackShapes);
INSTANTIATE_TYPED_TEST_SUITE_P(msgpack_shapes, Shapes, MessagePackShapes);
INSTANTIATE_TYPED_TEST_SUITE_P(msgpack_shapes, Damage, MessagePackShapes);
INSTANTIATE_TYPED_TEST_SUITE_P(msgpack_shapes, Hostile, MessagePackShapes);
INSTANTIATE_TYPED_TEST_SUITE_P(msgpack_shapes, Mutation, MessagePackShapes);

}  // namespace structwire::testing
