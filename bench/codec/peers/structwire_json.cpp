// SPDX-License-Identifier: Apache-2.0

// structwire, JSON.

#include <structwire/core/raw.hpp>
#include <structwire/json.hpp>

#include <bench/codec/peers/structwire.hpp>

namespace codec_bench {
namespace {

// A name of its own: GCC 12 merges what two files instantiate with templates of one name, though both are internal.
template <class T>
struct JsonCodec {
  static constexpr bool reuses = true;
  static std::string prepare(std::string_view bytes) { return std::string(bytes); }

  bool decode(const std::string& bytes, T& value) {
    return decoder.decode_into(bytes, value).has_value();
  }
  std::optional<std::string_view> encode(const T& value) {
    if (!structwire::json::encode_into(value, out)) return std::nullopt;
    return out.text();
  }

  DecoderOf<structwire::json::Decoder, T> decoder;
  structwire::Buffer out;
};

}  // namespace

void add_structwire_json(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back(structwire_peer("json"));
  add_rows<JsonCodec>(samples, peer);
  add_update_rows<JsonCodec>(samples, peer, [](const std::string& text) {
    return structwire::Raw::checked(structwire::json::format(), std::as_bytes(std::span(text))).value();
  });
}

}  // namespace codec_bench
