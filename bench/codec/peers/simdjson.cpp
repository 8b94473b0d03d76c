// SPDX-License-Identifier: Apache-2.0

// simdjson: on-demand parsing into structs, and its string builder, both by C++26 reflection.

#include <array>
#include <optional>
#define SIMDJSON_STATIC_REFLECTION 1
#include <simdjson.h>

#include <bench/codec/codec_row.hpp>

// In C++26 std::optional is a range too, which makes simdjson's own overloads ambiguous; and it decodes no
// std::array. These say what is meant.
namespace simdjson {

template <class T, std::size_t Size, class From>
error_code tag_invoke(deserialize_tag, From& from, std::array<T, Size>& out) noexcept {
  SIMDJSON_BUILTIN_IMPLEMENTATION::ondemand::array items;
  SIMDJSON_TRY(from.get_array().get(items));
  std::size_t count = 0;
  for (auto item : items) {
    if (count == Size) return INCORRECT_TYPE;
    SIMDJSON_TRY(item.get(out[count++]));
  }
  return count == Size ? SUCCESS : INCORRECT_TYPE;
}

namespace SIMDJSON_BUILTIN_IMPLEMENTATION::builder {
template <class T>
constexpr void atom(string_builder& builder, const std::optional<T>& value) {
  if (value) {
    atom(builder, *value);
  } else {
    builder.append_raw("null");
  }
}
}  // namespace SIMDJSON_BUILTIN_IMPLEMENTATION::builder

}  // namespace simdjson

namespace codec_bench {
namespace {

template <class T>
struct Codec {
  static constexpr bool reuses = std::same_as<T, WorkerMsg>;  // It appends to vectors that hold something.
  static simdjson::padded_string prepare(std::string_view bytes) { return simdjson::padded_string(bytes); }

  bool decode(const simdjson::padded_string& text, T& value) {
    simdjson::ondemand::document document;
    return !parser.iterate(text).get(document) && !document.get(value);
  }
  std::optional<std::string_view> encode(const T& value) {
    builder.clear();
    simdjson::builder::append(builder, value);
    std::string_view text;
    if (builder.view().get(text)) return std::nullopt;
    return text;
  }

  simdjson::ondemand::parser parser;
  simdjson::builder::string_builder builder;
};

template <>
struct Codec<DocumentMessage> {};

}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back("simdjson", "json", SIMDJSON_VERSION, "on-demand, reflection; padded input and parser reused",
                                  "unknown keys, values that are skipped, trailing commas, escaped keys, NaN and UTF-8 when writing");
  add_rows<Codec>(samples, peer);
}

}  // namespace codec_bench
