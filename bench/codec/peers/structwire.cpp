// SPDX-License-Identifier: Apache-2.0

// structwire's shared object: both formats.

#include <bench/codec/peer.hpp>

namespace codec_bench {

AddPeers add_structwire_json;
AddPeers add_structwire_msgpack;

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  add_structwire_json(samples, peers);
  add_structwire_msgpack(samples, peers);
}

}  // namespace codec_bench
