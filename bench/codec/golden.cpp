// SPDX-License-Identifier: Apache-2.0

// The golden objects: the data read by a DOM and copied member by member, as plainly as can be.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <bench/codec/shapes/reflect.hpp>
#include <bench/codec/shapes/samples.hpp>

namespace codec_bench {
namespace {

using Json = nlohmann::json;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

// One scope, so that each kind finds every other.
struct Copy {
  static void copy(const Json& json, std::string& out) { out = json.get_ref<const std::string&>(); }
  static void copy(const Json& json, bool& out) { out = json.get_ref<const bool&>(); }
  static void copy(const Json& json, double& out) {
    if (!json.is_number()) throw std::runtime_error("not a number");
    out = json.get<double>();
  }
  template <std::signed_integral Integer>
  static void copy(const Json& json, Integer& out) {
    if (!json.is_number_integer()) throw std::runtime_error("not an integer");
    out = json.get<Integer>();
  }

  template <class T>
  static void copy(const Json& json, std::optional<T>& out) {
    if (json.is_null()) {
      out.reset();
    } else {
      copy(json, out.emplace());
    }
  }
  template <class T>
  static void copy(const Json& json, std::vector<T>& out) {
    out.clear();
    for (const Json& item : json.get_ref<const Json::array_t&>()) copy(item, out.emplace_back());
  }
  template <class T, std::size_t Size>
  static void copy(const Json& json, std::array<T, Size>& out) {
    if (json.size() != Size) throw std::runtime_error("not as many items");
    for (std::size_t i = 0; i < Size; ++i) copy(json.at(i), out[i]);
  }
  template <class T>
  static void copy(const Json& json, std::map<std::string, T>& out) {
    out.clear();
    for (const auto& [key, value] : json.get_ref<const Json::object_t&>()) copy(value, out[key]);
  }
  static void copy(const Json& json, std::vector<std::byte>& out) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out.clear();
    unsigned bits = 0;
    int count = 0;
    for (const char c : json.get_ref<const std::string&>()) {
      if (c == '=') break;
      bits = bits << 6 | static_cast<unsigned>(digits.find(c));
      count += 6;
      if (count >= 8) out.push_back(static_cast<std::byte>(bits >> (count -= 8)));
    }
  }

  template <class T>
    requires Struct<T>
  static void copy(const Json& json, T& out) {
    for_each_member(out, [&]<class Member>(const char* name, Member& member) {
      const auto found = json.find(name);
      if (found != json.end()) {
        copy(*found, member);
      } else if (!is_optional<Member>) {
        throw std::runtime_error(std::string("no member ") + name);
      }
    });
  }
};

template <class T>
T read_json(std::string_view text) {
  T value{};
  Copy::copy(Json::parse(text), value);
  return value;
}

std::optional<std::string> read_file(const std::string& folder, const std::string& name) {
  std::ifstream file(std::filesystem::path(folder) / name, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "left out: there is no %s in %s\n", name.c_str(), folder.c_str());
    return std::nullopt;
  }
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

template <class T>
void add(std::vector<Sample<T>>& list, std::string shape, std::string text) {
  T golden = read_json<T>(text);
  list.push_back({std::move(shape), std::move(text), std::move(golden), &read_json<T>});
}
template <class T>
void add_file(std::vector<Sample<T>>& list, std::string shape, const std::string& folder, const std::string& name) {
  std::optional<std::string> text = read_file(folder, name);
  if (text) add(list, std::move(shape), std::move(*text));
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) text.replace(at, from.size(), to);
  return text;
}

// Bytes as a random generator gives them, so that neither base64 nor a copy sees a pattern.
std::string document_message(std::size_t size) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::uint32_t state = 12345;
  const auto next = [&] { return (state = state * 1664525u + 1013904223u) >> 24; };
  for (std::size_t i = 0; i < size; i += 3) {
    const std::size_t count = std::min<std::size_t>(3, size - i);
    const std::uint32_t bits = (next() << 16) | (count > 1 ? next() << 8 : 0) | (count > 2 ? next() : 0);
    for (std::size_t digit = 0; digit < 4; ++digit) {
      text += digit <= count ? digits[bits >> (18 - 6 * digit) & 63] : '=';
    }
  }
  return R"({"message_id":"msg-0b052d17e154","worker_id":"worker-17","payload":")" + text +
         R"(","timestamp":1790000350.745479,"priority":5})";
}

constexpr const char* document_state =
    R"({"worker_id":"worker-17","counter":918273,"status":"running","last_updated":1790000922.622959,)"
    R"("metadata":{"host":"eu-west-1a-0042","image":"worker:2026.11.3","pool":"batch","version":"4.12.0"}})";

constexpr const char* document_update =
    R"({"source_worker_id":"worker-3","target_worker_id":"worker-11","update_type":"state.patch","payload":)"
    R"({"alive":true,"load":0.7231,"metrics":[7901.72692,59.96544,7898.72696,8451.55168],"name":"worker-11.c0bfac",)"
    R"("queue":{"depth":17,"oldest_ms":1250,"tags":["hot","replicated","eu-west-1"]},"version":918273},)"
    R"("timestamp":1790000922.622959,"causal_clock":{"worker-0":79820,"worker-1":79118,"worker-11":43513,"worker-3":78599},)"
    R"("depth":2})";

// The pieces stay text; they are written above as a DOM would write them.
template <>
DocumentUpdate<std::string> read_json(std::string_view text) {
  const Json json = Json::parse(text);
  DocumentUpdate<std::string> value{};
  Json rest = json;
  rest["payload"] = Json::object();
  Copy::copy(rest, value);
  for (const auto& [key, piece] : json.at("payload").items()) value.payload[key] = piece.dump();
  return value;
}

}  // namespace

Samples load_samples(const std::string& own, const std::string& shared) {
  Samples samples;
  add_file(samples.messages, "a", own, "worker_message.json");
  add_file(samples.updates, "b", own, "cross_worker_update.json");
  add_file(samples.snapshots, "c", own, "snapshot_10k.json");
  add_file(samples.snapshots, "d", own, "snapshot_100k.json");
  if (auto text = read_file(shared, "twitter.json")) {
    add(samples.twitter_full, "twitter_full", replace_all(*text, "\"protected\":", "\"protected_\":"));
    add(samples.twitter_subset, "twitter_subset", std::move(*text));
  }
  add_file(samples.canada, "canada", shared, "canada.json");
  add_file(samples.citm, "citm", shared, "citm_catalog.json");
  for (const auto& [shape, size] : std::vector<std::pair<std::string, std::size_t>>{
           {"message_100", 100}, {"message_1k", 1000}, {"message_10k", 10'000}, {"message_100k", 100'000}}) {
    add(samples.document_messages, shape, document_message(size));
  }
  add(samples.document_states, "state", document_state);
  add(samples.document_updates, "update", document_update);
  return samples;
}

}  // namespace codec_bench
