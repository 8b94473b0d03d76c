// SPDX-License-Identifier: Apache-2.0
#include <cli/payload.hpp>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

#include <utility>

namespace structwire::cli {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

Raw raw_of(const Value& value) { return Raw::trusted(msgpack::format(), msgpack::encode(value)); }

}  // namespace

Result<Raw> payload_from(const Format& format, std::string_view bytes) {
  return Raw::checked(format, bytes_of(bytes));
}

Raw payload_from_text(std::string_view text) {
  Buffer encoded;
  if (msgpack::append_to(Value(text), encoded)) {
    return Raw::trusted(msgpack::format(), std::move(encoded));
  }
  const auto bytes = bytes_of(text);
  return raw_of(Value(Bytes(bytes.begin(), bytes.end())));
}

Raw result_from_output(std::string_view output) {
  if (output.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  if (Result<Raw> json = payload_from(json::format(), output)) return std::move(*json);
  if (output.ends_with('\n')) output.remove_suffix(1);
  return payload_from_text(output);
}

Result<std::string> text_of(const Raw& payload) {
  Result<Value> value = payload.decode();
  if (!value) return std::unexpected(std::move(value.error()));
  if (std::string* text = value->get_if<std::string>()) return std::move(*text);
  return std::unexpected(Error(ErrorCode::type_mismatch, "the payload is no text"));
}

}  // namespace structwire::cli
