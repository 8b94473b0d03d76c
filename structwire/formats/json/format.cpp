// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/json/format.hpp>

#include <array>

#include <structwire/core/decode.hpp>
#include <structwire/core/encode.hpp>
#include <structwire/formats/json/reader.hpp>
#include <structwire/formats/json/writer.hpp>

namespace structwire::json {
namespace {

constexpr std::array<std::string_view, 1> media_types = {"application/json"};
constexpr std::array<std::string_view, 1> endings = {"json"};

std::string_view text_of(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Result<Value> decode_any(std::span<const std::byte> bytes, const DecodeOptions& options) {
  Reader reader(text_of(bytes), options);
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
  Reader reader(text_of(bytes), options);
  if (reader.skip() && reader.finish()) return {};
  return std::unexpected(reader.take_error());
}

}  // namespace

constinit const Format format_row{"json", media_types, endings, decode_any, append_any, validate};

}  // namespace structwire::json
