// SPDX-License-Identifier: Apache-2.0

// glaze, JSON, default options.

#include <glaze/json.hpp>

#include <bench/codec/peers/glaze.hpp>
#include <bench/codec/peers/glaze_bytes.hpp>

namespace glz {
inline bool operator==(const raw_json& a, const raw_json& b) { return a.str == b.str; }
}  // namespace glz

namespace codec_bench {
namespace {

constexpr glz::opts options{};

template <class T>
struct Codec : GlazeCodec<options, T> {};

}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back("glaze", "json", glaze_version(),
                                  "default; error_on_unknown_keys off in twitter_subset",
                                  "missing keys, what stands behind the value, control characters and UTF-8 when writing");
  add_rows<Codec>(samples, peer);
  add_update_rows<Codec>(samples, peer, [](const std::string& text) { return glz::raw_json(text); });
}

}  // namespace codec_bench
