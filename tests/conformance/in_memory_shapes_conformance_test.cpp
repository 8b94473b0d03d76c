// SPDX-License-Identifier: Apache-2.0
//
// The second group of samples, as a Value.
#include <tests/conformance/formats.hpp>

#include <tests/conformance/round_trip_suite.hpp>
#include <tests/conformance/shapes_suite.hpp>

namespace structwire::testing {

struct InMemoryShapes : InMemory {
  using SampleGroup = ShapeSamples;
};

INSTANTIATE_TYPED_TEST_SUITE_P(value_shapes, RoundTrip, InMemoryShapes);
INSTANTIATE_TYPED_TEST_SUITE_P(value_shapes, Shapes, InMemoryShapes);

}  // namespace structwire::testing
