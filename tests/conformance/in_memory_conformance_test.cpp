// SPDX-License-Identifier: Apache-2.0
//
// The formats that are no bytes.
#include <tests/conformance/formats.hpp>

#include <tests/conformance/evolution_suite.hpp>
#include <tests/conformance/limits_suite.hpp>
#include <tests/conformance/round_trip_suite.hpp>

namespace structwire::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(value, RoundTrip, InMemory);
INSTANTIATE_TYPED_TEST_SUITE_P(value, Evolution, InMemory);
INSTANTIATE_TYPED_TEST_SUITE_P(value, LimitsOf, InMemory);

INSTANTIATE_TYPED_TEST_SUITE_P(tokens, RoundTrip, TokenList);
INSTANTIATE_TYPED_TEST_SUITE_P(tokens, Evolution, TokenList);
INSTANTIATE_TYPED_TEST_SUITE_P(tokens, LimitsOf, TokenList);

}  // namespace structwire::testing
