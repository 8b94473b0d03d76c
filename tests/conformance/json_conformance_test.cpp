// SPDX-License-Identifier: Apache-2.0
#include <tests/conformance/formats.hpp>

#include <tests/conformance/damage_suite.hpp>
#include <tests/conformance/evolution_suite.hpp>
#include <tests/conformance/hostile_suite.hpp>
#include <tests/conformance/limits_suite.hpp>
#include <tests/conformance/mutation_suite.hpp>
#include <tests/conformance/round_trip_suite.hpp>

namespace structwire::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(json, RoundTrip, Json);
INSTANTIATE_TYPED_TEST_SUITE_P(json, Evolution, Json);
INSTANTIATE_TYPED_TEST_SUITE_P(json, Damage, Json);
INSTANTIATE_TYPED_TEST_SUITE_P(json, Hostile, Json);
INSTANTIATE_TYPED_TEST_SUITE_P(json, LimitsOf, Json);
INSTANTIATE_TYPED_TEST_SUITE_P(json, Mutation, Json);

}  // namespace structwire::testing
