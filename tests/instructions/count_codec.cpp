// SPDX-License-Identifier: Apache-2.0

// Decodes and encodes the shapes a, b and c of the codec benchmark, for callgrind to count: one
// function a row, named by its format and operation, with the shape's struct as its argument. See
// check.py.

#include <cstddef>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include <bench/codec/shapes/own.hpp>
#include <structwire/core/buffer.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::testing {
namespace {

struct Json {
  using Decoder = json::Decoder<>;
  static std::string_view input(const std::string& bytes) { return bytes; }
  static bool encode(const auto& value, Buffer& out) {
    return json::encode_into(value, out).has_value();
  }
};

struct Msgpack {
  using Decoder = msgpack::Decoder<>;
  static std::span<const std::byte> input(const std::string& bytes) {
    return std::as_bytes(std::span(bytes));
  }
  static bool encode(const auto& value, Buffer& out) {
    return msgpack::encode_into(value, out).has_value();
  }
};

template <class Codec, class T>
[[gnu::noinline]] bool decode_fresh(typename Codec::Decoder& decoder, const std::string& bytes) {
  T value{};
  return decoder.decode_into(Codec::input(bytes), value).has_value();
}
template <class Codec, class T>
[[gnu::noinline]] bool decode_reused(typename Codec::Decoder& decoder, const std::string& bytes,
                                     T& value) {
  return decoder.decode_into(Codec::input(bytes), value).has_value();
}
template <class Codec, class T>
[[gnu::noinline]] bool encode(const T& value, Buffer& out) {
  return Codec::encode(value, out);
}

/// False where the format does not give the value back.
template <class Codec, class T>
bool count_format(const T& value) {
  Buffer out;
  if (!Codec::encode(value, out)) return false;
  const std::string bytes(out.text());
  typename Codec::Decoder decoder;
  T used{};
  if (!decoder.decode_into(Codec::input(bytes), used) || !(used == value)) return false;
  for (int time = 0; time < 100; ++time) {
    if (!decode_fresh<Codec, T>(decoder, bytes) || !decode_reused<Codec, T>(decoder, bytes, used) ||
        !encode<Codec, T>(value, out)) {
      return false;
    }
  }
  return used == value && out.text() == bytes;
}

template <class T>
bool count(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto value = json::decode<T>(text);
  if (!value) {
    std::fprintf(stderr, "%s: %s\n", file.c_str(), value.error().message().c_str());
    return false;
  }
  return count_format<Json>(*value) && count_format<Msgpack>(*value);
}

}  // namespace
}  // namespace structwire::testing

int main(int, char** arguments) {
  const std::string data = arguments[1];
  const bool good =
      structwire::testing::count<codec_bench::WorkerMsg>(data + "/worker_message.json") &&
      structwire::testing::count<codec_bench::CrossUpdate>(data + "/cross_worker_update.json") &&
      structwire::testing::count<codec_bench::Snapshot>(data + "/snapshot_10k.json");
  return good ? 0 : 1;
}
