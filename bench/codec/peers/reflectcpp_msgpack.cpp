// SPDX-License-Identifier: Apache-2.0

// reflect-cpp, MessagePack (over msgpack-c).

#include <rfl.hpp>
#include <rfl/msgpack.hpp>

#include <bench/codec/codec_row.hpp>

namespace codec_bench {
namespace {

template <class T>
struct Codec {
  static constexpr bool reuses = true;  // Not its memory: it returns new objects.
  static std::string prepare(std::string_view bytes) { return std::string(bytes); }

  bool decode(const std::string& bytes, T& value) {
    auto result = rfl::msgpack::read<T>(bytes.data(), bytes.size());
    if (!result) return false;
    value = std::move(result.value());
    return true;
  }
  std::optional<std::string_view> encode(const T& value) {
    out = rfl::msgpack::write(value);
    return std::string_view(out.data(), out.size());
  }

  decltype(rfl::msgpack::write(std::declval<const T&>())) out;
};


}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back("reflect-cpp", "msgpack", CODEC_BENCH_VERSION_REFLECTCPP, "default",
                                  "unknown keys, range of integers, UTF-8, what stands behind the value");
  add_rows<Codec>(samples, peer);
}

}  // namespace codec_bench
