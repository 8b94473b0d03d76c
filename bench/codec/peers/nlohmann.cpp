// SPDX-License-Identifier: Apache-2.0

// nlohmann::json, JSON and MessagePack, with the conversions that its macros would write.

#include <nlohmann/json.hpp>

#include <bench/codec/codec_row.hpp>
#include <bench/codec/shapes/reflect.hpp>

NLOHMANN_JSON_NAMESPACE_BEGIN

template <class T>
struct adl_serializer<std::optional<T>> {
  static void from_json(const json& from, std::optional<T>& out) {
    if (from.is_null()) {
      out.reset();
    } else {
      from.get_to(out ? *out : out.emplace());
    }
  }
  static void to_json(json& out, const std::optional<T>& value) {
    if (value) {
      out = *value;
    } else {
      out = nullptr;
    }
  }
};

template <class T>
  requires codec_bench::Struct<T>
struct adl_serializer<T> {
  template <class Member>
  static constexpr bool may_be_absent = requires(Member& member) { member.reset(); };

  static void from_json(const json& from, T& out) {
    codec_bench::for_each_member(out, [&]<class Member>(const char* name, Member& member) {
      if constexpr (may_be_absent<Member>) {
        const auto found = from.find(name);
        if (found == from.end()) {
          member.reset();
          return;
        }
        found->get_to(member);
      } else {
        from.at(name).get_to(member);
      }
    });
  }
  static void to_json(json& out, const T& value) {
    codec_bench::for_each_member(value, [&](const char* name, const auto& member) { out[name] = member; });
  }
};

NLOHMANN_JSON_NAMESPACE_END

namespace codec_bench {
namespace {

using Json = nlohmann::json;

template <class T>
struct JsonCodec {
  static constexpr bool reuses = true;
  static std::string prepare(std::string_view bytes) { return std::string(bytes); }

  bool decode(const std::string& text, T& value) {
    Json::parse(text).get_to(value);
    return true;
  }
  std::optional<std::string_view> encode(const T& value) {
    out = Json(value).dump();
    return out;
  }

  std::string out;
};

template <class T>
struct MessagePackCodec {
  static constexpr bool reuses = true;
  static std::string prepare(std::string_view bytes) { return std::string(bytes); }

  bool decode(const std::string& bytes, T& value) {
    Json::from_msgpack(bytes).get_to(value);
    return true;
  }
  std::optional<std::string_view> encode(const T& value) {
    out.clear();
    Json::to_msgpack(Json(value), out);
    return out;
  }

  std::string out;
};

template <>
struct JsonCodec<DocumentMessage> {};
template <>
struct MessagePackCodec<DocumentMessage> {};

}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  const std::string version = std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + "." +
                              std::to_string(NLOHMANN_JSON_VERSION_MINOR) + "." +
                              std::to_string(NLOHMANN_JSON_VERSION_PATCH);
  Peer& json = peers.emplace_back("nlohmann", "json", version, "default, DOM", "unknown keys, range of integers, depth");
  add_rows<JsonCodec>(samples, json);
  add_update_rows<JsonCodec>(samples, json, [](const std::string& text) { return Json::parse(text); });
  Peer& msgpack = peers.emplace_back("nlohmann", "msgpack", version, "default, DOM", "unknown keys, range of integers, UTF-8, depth");
  add_rows<MessagePackCodec>(samples, msgpack);
  add_update_rows<MessagePackCodec>(samples, msgpack, [](const std::string& text) { return Json::parse(text); });
}

}  // namespace codec_bench
