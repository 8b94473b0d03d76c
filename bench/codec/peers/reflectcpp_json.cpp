// SPDX-License-Identifier: Apache-2.0

// reflect-cpp, JSON (over yyjson).

#include <rfl.hpp>
#include <rfl/json.hpp>

#include <bench/codec/codec_row.hpp>

namespace codec_bench {
namespace {

template <class T>
struct Codec {
  static constexpr bool reuses = true;  // Not its memory: it returns new objects.
  static std::string prepare(std::string_view bytes) { return std::string(bytes); }

  bool decode(const std::string& bytes, T& value) {
    auto result = rfl::json::read<T>(bytes);
    if (!result) return false;
    value = std::move(result.value());
    return true;
  }
  std::optional<std::string_view> encode(const T& value) {
    out = rfl::json::write(value);
    return std::string_view(out.data(), out.size());
  }

  decltype(rfl::json::write(std::declval<const T&>())) out;
};

// Bytes have no text of their own here.
template <>
struct Codec<DocumentMessage> {};

}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back("reflect-cpp", "json", CODEC_BENCH_VERSION_REFLECTCPP, "default",
                                  "unknown keys, range of integers, NUL in strings");
  add_rows<Codec>(samples, peer);
}

}  // namespace codec_bench
