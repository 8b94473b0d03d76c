// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/msgpack/format.hpp>

#include <array>

#include <structwire/core/decode.hpp>
#include <structwire/core/encode.hpp>
#include <structwire/formats/msgpack/reader.hpp>
#include <structwire/formats/msgpack/writer.hpp>

namespace structwire::msgpack {
namespace {

// RFC 9110 does not know the last two, but older clients send them.
constexpr std::array<std::string_view, 3> media_types = {"application/vnd.msgpack", "application/msgpack",
                                                         "application/x-msgpack"};
constexpr std::array<std::string_view, 2> endings = {"msgpack", "mp"};

Result<Value> decode_any(std::span<const std::byte> bytes, const DecodeOptions& options) {
  Reader reader(bytes, options);
  Value value;
  if (auto decoded = decode_whole(reader, value); !decoded) {
    return std::unexpected(std::move(decoded.error()));
  }
  return value;
}

Result<void> append_any(const Value& value, Buffer& out) {
  WriterState state;
  state.strict = true;
  return append_encoded<Writer>(value, out, state);
}

Result<void> validate(std::span<const std::byte> bytes, const DecodeOptions& options) {
  Reader reader(bytes, options);
  if (reader.skip() && reader.finish()) return {};
  return std::unexpected(reader.take_error());
}

constexpr Format row{"msgpack", media_types, endings, decode_any, append_any, validate};

}  // namespace

const Format& format() noexcept { return row; }

}  // namespace structwire::msgpack
