// SPDX-License-Identifier: Apache-2.0

// cereal, its binary archive: no keys, no schema; context for what names cost.

#include <cereal/archives/binary.hpp>
#include <cereal/types/array.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>

#include <istream>
#include <ostream>
#include <streambuf>

#include <bench/codec/codec_row.hpp>
#include <bench/codec/shapes/reflect.hpp>

namespace codec_bench {

template <class Archive, Struct T>
void serialize(Archive& archive, T& value) {
  with_members(value, [&](auto&... members) { archive(members...); });
}

namespace {

class InputMemory : public std::streambuf {
 public:
  explicit InputMemory(const std::string& bytes) {
    char* begin = const_cast<char*>(bytes.data());
    setg(begin, begin, begin + bytes.size());
  }
};

class OutputMemory : public std::streambuf {
 public:
  std::string bytes;

 private:
  std::streamsize xsputn(const char* data, std::streamsize size) override {
    bytes.append(data, static_cast<std::size_t>(size));
    return size;
  }
  int_type overflow(int_type c) override {
    bytes += static_cast<char>(c);
    return c;
  }
};

template <class T>
struct Codec {
  static constexpr bool reuses = true;
  static std::string prepare(std::string_view bytes) { return std::string(bytes); }

  bool decode(const std::string& bytes, T& value) {
    InputMemory memory(bytes);
    std::istream stream(&memory);
    cereal::BinaryInputArchive archive(stream);
    archive(value);
    return true;
  }
  std::optional<std::string_view> encode(const T& value) {
    out.bytes.clear();
    std::ostream stream(&out);
    cereal::BinaryOutputArchive archive(stream);
    archive(value);
    return out.bytes;
  }

  OutputMemory out;
};

}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back("cereal", "cereal", CODEC_BENCH_VERSION_CEREAL, "binary archive, no keys",
                                  "everything but the end of the input");
  add_rows<Codec>(samples, peer);
}

}  // namespace codec_bench
