// SPDX-License-Identifier: Apache-2.0
#pragma once

// The null format: writes nothing and reads nothing. Its costs are core's own: both walks over a value when
// encoding, and the loops when decoding. Every value is its type's empty one.

#include <structwire/core/traits.hpp>

namespace structwire::testing::null_format {

inline constexpr FormatTraits traits{};

}  // namespace structwire::testing::null_format
