// SPDX-License-Identifier: Apache-2.0

// glaze, BEVE: its own binary format, with keys.

#include <glaze/beve.hpp>

#include <bench/codec/peers/glaze.hpp>

namespace codec_bench {
namespace {

constexpr glz::opts options{.format = glz::BEVE};

template <class T>
struct Codec : GlazeCodec<options, T> {};

}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back("glaze", "beve", glaze_version(),
                                  "default; error_on_unknown_keys off in twitter_subset",
                                  "missing keys, UTF-8");
  add_rows<Codec>(samples, peer);
}

}  // namespace codec_bench
