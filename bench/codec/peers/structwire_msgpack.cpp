// SPDX-License-Identifier: Apache-2.0

// structwire, MessagePack.

#include <structwire/core/raw.hpp>
#include <structwire/formats/json/format.hpp>
#include <structwire/msgpack.hpp>

#include <bench/codec/peers/structwire.hpp>

namespace codec_bench {
namespace {

// A name of its own: GCC 12 merges what two files instantiate with templates of one name, though both are internal.
template <class T>
struct MessagePackCodec {
  static constexpr bool reuses = true;
  static std::string prepare(std::string_view bytes) { return std::string(bytes); }

  bool decode(const std::string& bytes, T& value) {
    return decoder.decode_into(std::as_bytes(std::span(bytes)), value).has_value();
  }
  std::optional<std::string_view> encode(const T& value) {
    if (!structwire::msgpack::encode_into(value, out)) return std::nullopt;
    return out.text();
  }

  DecoderOf<structwire::msgpack::Decoder, T> decoder;
  structwire::Buffer out;
};

}  // namespace

void add_structwire_msgpack(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back(structwire_peer("msgpack"));
  add_rows<MessagePackCodec>(samples, peer);
  add_update_rows<MessagePackCodec>(samples, peer, [](const std::string& text) {
    return structwire::Raw::checked(structwire::json::format(), std::as_bytes(std::span(text)))
        .value()
        .in(structwire::msgpack::format())
        .value();
  });
}

}  // namespace codec_bench
