// SPDX-License-Identifier: Apache-2.0
#include <tests/conformance/formats.hpp>

#include <tests/conformance/damage_suite.hpp>
#include <tests/conformance/evolution_suite.hpp>
#include <tests/conformance/hostile_suite.hpp>
#include <tests/conformance/limits_suite.hpp>
#include <tests/conformance/mutation_suite.hpp>
#include <tests/conformance/round_trip_suite.hpp>

namespace structwire::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(numbered, RoundTrip, Numbered);
INSTANTIATE_TYPED_TEST_SUITE_P(numbered, Evolution, Numbered);
INSTANTIATE_TYPED_TEST_SUITE_P(numbered, Damage, Numbered);
INSTANTIATE_TYPED_TEST_SUITE_P(numbered, Hostile, Numbered);
INSTANTIATE_TYPED_TEST_SUITE_P(numbered, LimitsOf, Numbered);
INSTANTIATE_TYPED_TEST_SUITE_P(numbered, Mutation, Numbered);

}  // namespace structwire::testing
