// SPDX-License-Identifier: Apache-2.0
#include <tests/conformance/formats.hpp>

#include <tests/conformance/damage_suite.hpp>
#include <tests/conformance/hostile_suite.hpp>
#include <tests/conformance/limits_suite.hpp>
#include <tests/conformance/mutation_suite.hpp>
#include <tests/conformance/round_trip_suite.hpp>

namespace structwire::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(positional, RoundTrip, Positional);
INSTANTIATE_TYPED_TEST_SUITE_P(positional, Damage, Positional);
INSTANTIATE_TYPED_TEST_SUITE_P(positional, Hostile, Positional);
INSTANTIATE_TYPED_TEST_SUITE_P(positional, LimitsOf, Positional);
INSTANTIATE_TYPED_TEST_SUITE_P(positional, Mutation, Positional);

}  // namespace structwire::testing
