// SPDX-License-Identifier: Apache-2.0
#pragma once

// The numbered test format, in the manner of Protobuf: members carry their number and the shape of their bytes.
//
//   message        fields in any order; field: varint tag = number << 3 | wire type, then the payload
//   wire type 0    varint: bool, unsigned; zigzag for signed and enums (their integer)
//   wire type 1    8 bytes, little-endian: double             wire type 5    4 bytes: float
//   wire type 2    varint length, bytes: text, bytes, messages
//
// As a member:   an empty optional is left out, one with a value is the value; an array is one field per item and
//                a map one per entry, a message {1: key, 2: value}, wherever in the struct they stand. So empty
//                and absent are one. A member that is no array or map and comes twice: the last one counts.
// Anywhere else: (an item, a key, inside an optional) an array is a message {1: item, 1: item, …}, a map {1: entry,
//                …}, an optional {} or {1: value}; std::array is so as a member too. A top-level value that is
//                no struct is the message {1: value}.

#include <structwire/core/traits.hpp>

namespace structwire::testing::numbered {

inline constexpr FormatTraits traits{
    .keys = true,
    .merges_repeated = true,
    .prefix_can_be_valid = true,
};

enum WireType : unsigned { varint = 0, fixed64 = 1, counted = 2, fixed32 = 5 };

/// Where a value stands decides whether absence is a way to write it.
enum class Place { top, member, value };

}  // namespace structwire::testing::numbered
