// SPDX-License-Identifier: Apache-2.0
#include <tests/fuzz/fuzz_target.hpp>

STRUCTWIRE_FUZZ_TARGET(structwire::testing::MessagePack,
                       structwire::testing::fuzz::MessagePackCalls)
