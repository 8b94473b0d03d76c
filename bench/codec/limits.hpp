// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rows that no codec can pass: what the memory and the objects alone cost.

#include <vector>

#include <bench/codec/peer.hpp>

namespace codec_bench {

/// Library `limit`, three formats: `memcpy` (encode) and `scan` (decode_fresh) of the JSON text, and `object`: copying
/// and destroying the object (decode_fresh), assigning it (decode_reused).
void add_limits(const Samples& samples, std::vector<Peer>& peers);

}  // namespace codec_bench
