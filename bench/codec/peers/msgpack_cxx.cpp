// SPDX-License-Identifier: Apache-2.0

// msgpack-cxx, with the adaptors that its MSGPACK_DEFINE_MAP would write.

#include <msgpack.hpp>

#include <bench/codec/codec_row.hpp>
#include <bench/codec/shapes/reflect.hpp>

namespace msgpack {
MSGPACK_API_VERSION_NAMESPACE(MSGPACK_DEFAULT_API_NS) {
namespace adaptor {

// The macro's list: name, member, name, member, ….
template <class T, class Call>
void with_define_map(T& value, Call&& call) {
  codec_bench::with_names_and_members(
      value, [&](auto&... names_and_members) { call(msgpack::type::make_define_map(names_and_members...)); });
}

template <class T>
  requires codec_bench::Struct<T>
struct convert<T> {
  const msgpack::object& operator()(const msgpack::object& from, T& value) const {
    with_define_map(value, [&](const auto& map) { map.msgpack_unpack(from); });
    return from;
  }
};

template <class T>
  requires codec_bench::Struct<T>
struct pack<T> {
  template <class Stream>
  msgpack::packer<Stream>& operator()(msgpack::packer<Stream>& out, const T& value) const {
    with_define_map(value, [&](const auto& map) { map.msgpack_pack(out); });
    return out;
  }
};

}  // namespace adaptor
}  // MSGPACK_API_VERSION_NAMESPACE
}  // namespace msgpack

namespace codec_bench {
namespace {

template <class T>
struct Codec {
  static constexpr bool reuses = true;
  static std::string prepare(std::string_view bytes) { return std::string(bytes); }

  bool decode(const std::string& bytes, T& value) {
    // Strings stay in the input until they are converted.
    const auto keep = [](msgpack::type::object_type, std::size_t, void*) { return true; };
    msgpack::unpack(bytes.data(), bytes.size(), keep).get().convert(value);
    return true;
  }
  std::optional<std::string_view> encode(const T& value) {
    out.clear();
    msgpack::pack(out, value);
    return std::string_view(out.data(), out.size());
  }

  msgpack::sbuffer out;
};

}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back("msgpack-cxx", "msgpack", MSGPACK_VERSION, "maps; strings referenced while unpacking",
                                  "missing and unknown keys, UTF-8, what stands behind the value");
  add_rows<Codec>(samples, peer);
}

}  // namespace codec_bench
