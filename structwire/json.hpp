// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON for plain structs.
//
//   std::string text = sw::json::encode(message);
//   auto back = sw::json::decode<Message>(text);     // std::expected<Message, sw::Error>
//
// All functions are safe to call from any thread on different objects. Nothing is thrown for bad input.

#include <string>
#include <string_view>
#include <utility>

#include <structwire/core/decode.hpp>
#include <structwire/core/encode.hpp>
#include <structwire/formats/json/reader.hpp>
#include <structwire/formats/json/writer.hpp>

namespace structwire::json {
inline namespace STRUCTWIRE_INLINE {

/// Appends the encoding of `value`; after an error `out` is as before. Errors: text that is not UTF-8,
/// nesting deeper than 512, no memory. NaN and the infinities are written as null.
template <class T>
Result<void> append_to(const T& value, Buffer& out) {
  WriterState state;
  state.strict_text = true;
  return append_encoded<Writer>(value, out, state);
}

/// Encodes into a buffer whose memory is used again; it holds exactly the encoding afterwards.
template <class T>
Result<void> encode_into(const T& value, Buffer& out) {
  out.clear();
  return append_to(value, out);
}

/// The encoding of a value of the program's own. Text that is not UTF-8 is written with U+FFFD; nesting
/// deeper than 512 and running out of memory end the program. Where those can happen, use append_to.
template <class T>
std::string encode(const T& value) {
  Buffer out;
  WriterState state;
  const Result<void> encoded = append_encoded<Writer>(value, out, state);
  STRUCTWIRE_ASSERT(encoded.has_value());
  return std::string(out.text());
}

/// Decodes one complete value into an object whose memory is used again. After an error the object holds
/// parts of the old and the new value.
template <class T>
Result<void> decode_into(std::string_view text, T& out, const DecodeOptions& options = {}) {
  Reader reader(text, options);
  return decode_whole(reader, out);
}
template <class T>
Result<void> decode_into(std::span<const std::byte> bytes, T& out, const DecodeOptions& options = {}) {
  return decode_into(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()), out, options);
}

/// Decodes one complete value.
template <class T>
Result<T> decode(std::string_view text, const DecodeOptions& options = {}) {
  Result<T> result;
  if (auto decoded = decode_into(text, *result, options); !decoded) {
    return std::unexpected(std::move(decoded.error()));
  }
  return result;
}
template <class T>
Result<T> decode(std::span<const std::byte> bytes, const DecodeOptions& options = {}) {
  return decode<T>(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()), options);
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::json
