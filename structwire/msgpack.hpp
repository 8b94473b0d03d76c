// SPDX-License-Identifier: Apache-2.0
#pragma once

// MessagePack for plain structs.
//
//   sw::Buffer bytes = sw::msgpack::encode(message);
//   auto back = sw::msgpack::decode<Message>(bytes);     // std::expected<Message, sw::Error>
//
// All functions are safe to call from any thread on different objects. Nothing is thrown for bad input.

#include <string>
#include <string_view>
#include <utility>

#include <structwire/core/decode.hpp>
#include <structwire/core/encode.hpp>
#include <structwire/formats/msgpack/canonical.hpp>
#include <structwire/formats/msgpack/reader.hpp>
#include <structwire/formats/msgpack/writer.hpp>

namespace structwire::msgpack {
inline namespace STRUCTWIRE_INLINE {

/// Appends the encoding of `value`; after an error `out` is as before. Errors: text that is not UTF-8,
/// nesting deeper than 512, no memory.
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
Buffer encode(const T& value) {
  Buffer out;
  WriterState state;
  const Result<void> encoded = append_encoded<Writer>(value, out, state);
  STRUCTWIRE_ASSERT(encoded.has_value());
  out.shrink_to_half();
  return out;
}

/// Decodes one complete value into an object whose memory is used again. After an error the object holds
/// parts of the old and the new value.
template <class T>
Result<void> decode_into(std::span<const std::byte> bytes, T& out, const DecodeOptions& options = {}) {
  Reader reader(bytes, options);
  return decode_whole(reader, out);
}

/// Decodes one complete value.
template <class T>
Result<T> decode(std::span<const std::byte> bytes, const DecodeOptions& options = {}) {
  Result<T> result;
  if (auto decoded = decode_into(bytes, *result, options); !decoded) {
    return std::unexpected(std::move(decoded.error()));
  }
  return result;
}
template <class T>
Result<T> decode(std::string_view bytes, const DecodeOptions& options = {}) {
  return decode<T>(std::as_bytes(std::span(bytes)), options);
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::msgpack
