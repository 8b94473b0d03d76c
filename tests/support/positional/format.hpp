// SPDX-License-Identifier: Apache-2.0
#pragma once

// The positional test format, in the manner of Avro: no names and no tags, the members one after the other in
// the order of the struct. It can be read only with the very struct that it was written with.
//
//   bool           one byte, 0 or 1                float, double   4 or 8 bytes, little-endian
//   signed         zigzag varint                   unsigned        varint
//   text, bytes    varint length, bytes            optional        branch as zigzag varint, 0 null, 1 the value
//   enum           position in enum_values         struct          its members
//   array, map     blocks: zigzag count, then that many items or key-value pairs; a negative count is followed
//                  by the block's size in bytes; a count of 0 ends it

#include <structwire/core/traits.hpp>

namespace structwire::testing::positional {

inline constexpr FormatTraits traits{};

}  // namespace structwire::testing::positional
