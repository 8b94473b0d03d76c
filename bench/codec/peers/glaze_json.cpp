// SPDX-License-Identifier: Apache-2.0

// glaze, JSON, default options.

#include <glaze/json.hpp>

#include <bench/codec/peers/glaze.hpp>

namespace codec_bench {
namespace {

constexpr glz::opts options{};

template <class T>
struct Codec : GlazeCodec<options, T> {};

// Bytes have no text of their own here.
template <>
struct Codec<DocumentMessage> {};

}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back("glaze", "json", glaze_version(),
                                  "default; error_on_unknown_keys off in twitter_subset",
                                  "missing keys, what stands behind the value, control characters and UTF-8 when writing");
  add_rows<Codec>(samples, peer);
}

}  // namespace codec_bench
