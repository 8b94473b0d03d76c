// SPDX-License-Identifier: Apache-2.0

// glaze, JSON, missing keys refused, as structwire does by default.

#include <glaze/json.hpp>

#include <bench/codec/peers/glaze.hpp>
#include <bench/codec/peers/glaze_bytes.hpp>

namespace codec_bench {
namespace {

constexpr glz::opts options{.error_on_missing_keys = true};

template <class T>
struct Codec : GlazeCodec<options, T> {};

}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back("glaze_missing_keys", "json", glaze_version(),
                                  "error_on_missing_keys; error_on_unknown_keys off in twitter_subset",
                                  "what stands behind the value, control characters and UTF-8 when writing");
  add_rows<Codec>(samples, peer);
}

}  // namespace codec_bench
