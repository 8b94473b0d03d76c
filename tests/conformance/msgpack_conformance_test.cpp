// SPDX-License-Identifier: Apache-2.0
#include <tests/conformance/formats.hpp>

#include <tests/conformance/damage_suite.hpp>
#include <tests/conformance/evolution_suite.hpp>
#include <tests/conformance/hostile_suite.hpp>
#include <tests/conformance/limits_suite.hpp>
#include <tests/conformance/mutation_suite.hpp>
#include <tests/conformance/round_trip_suite.hpp>

namespace structwire::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(msgpack, RoundTrip, MessagePack);
INSTANTIATE_TYPED_TEST_SUITE_P(msgpack, Evolution, MessagePack);
INSTANTIATE_TYPED_TEST_SUITE_P(msgpack, Damage, MessagePack);
INSTANTIATE_TYPED_TEST_SUITE_P(msgpack, Hostile, MessagePack);
INSTANTIATE_TYPED_TEST_SUITE_P(msgpack, LimitsOf, MessagePack);
INSTANTIATE_TYPED_TEST_SUITE_P(msgpack, Mutation, MessagePack);

}  // namespace structwire::testing
