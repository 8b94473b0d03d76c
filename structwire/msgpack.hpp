// SPDX-License-Identifier: Apache-2.0
#pragma once

// MessagePack for plain structs.
//
//   sw::Buffer bytes = sw::msgpack::encode(message);
//   auto back = sw::msgpack::decode<Message>(bytes);     // std::expected<Message, sw::Error>
//
// All functions are safe to call from any thread on different objects. Nothing is thrown for bad input. What the
// options say: core/limits.hpp and core/encode_options.hpp.

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <structwire/core/decoder.hpp>
#include <structwire/core/encoder.hpp>
#include <structwire/core/lines.hpp>
#include <structwire/formats/msgpack/canonical.hpp>
#include <structwire/formats/msgpack/reader.hpp>
#include <structwire/formats/msgpack/scanner.hpp>
#include <structwire/formats/msgpack/writer.hpp>

namespace structwire::msgpack {
inline namespace STRUCTWIRE_INLINE {

// ---- encoding ----

/// Appends the encoding of `value`; after an error `out` is as before. Errors: text that is not UTF-8,
/// nesting deeper than 512, what a codec of the program refuses, no memory.
template <class T>
Result<void> append_to(const T& value, Buffer& out, const EncodeOptions& options = {}) {
  return append_with<Writer>(value, out, options);
}

/// Encodes into a buffer whose memory is used again; it holds exactly the encoding afterwards, and after
/// an error nothing.
template <class T>
Result<void> encode_into(const T& value, Buffer& out, const EncodeOptions& options = {}) {
  out.clear();
  return append_to(value, out, options);
}

/// Encodes at an offset of `out`: what stands before it stays, what stood behind it is gone; a gap between the old
/// end and the offset is filled with zeros. After an error `out` is as before.
template <class T>
Result<void> encode_into(const T& value, Buffer& out, std::size_t offset, const EncodeOptions& options = {}) {
  return encode_at<Writer>(value, out, offset, options);
}

/// Encodes into memory of the caller and returns how many bytes. buffer_too_small when they do not fit: the memory
/// is then as before; after other errors it may hold a part.
template <class T>
Result<std::size_t> encode_into(const T& value, std::span<std::byte> out, const EncodeOptions& options = {}) {
  return encode_to<Writer>(value, out, options);
}

/// The encoding of a value of the program's own, whatever the data in it. What append_to refuses is written as near
/// as can be: text that is not UTF-8 with U+FFFD; an enumerator that a by-name list does not have as its number; in a
/// Raw of another format a number that this one cannot hold as the nearest double, and null for bytes that are no
/// value. Nesting deeper than 512, a codec that throws and running out of memory end the program; where those can
/// happen, use append_to.
template <class T>
Buffer encode(const T& value, const EncodeOptions& options = {}) {
  Buffer out;
  append_total<Writer>(value, out, options);
  out.shrink_to_half();
  return out;
}

/// Each value of the range, one behind the other.
template <std::ranges::input_range Values>
Result<Buffer> encode_lines(Values&& values, const EncodeOptions& options = {}) {
  Buffer out;
  if (auto encoded = append_lines<Writer>(values, out, options); !encoded) {
    return std::unexpected(std::move(encoded.error()));
  }
  return out;
}

/// Options chosen once, struct rules overridden, memory kept: see EncoderFor.
template <auto... Rule>
using Encoder = EncoderFor<Writer, Rule...>;

// ---- decoding ----

/// Decodes one complete value.
template <class T>
Result<T> decode(std::span<const std::byte> bytes, const DecodeOptions& options = {}) {
  return decode_new<Reader, T>(bytes, options);
}
template <class T>
Result<T> decode(std::string_view bytes, const DecodeOptions& options = {}) {
  return decode<T>(std::as_bytes(std::span(bytes)), options);
}

/// Decodes one complete value into an object whose memory is used again. After an error the object holds
/// parts of the old and the new value.
template <class T>
Result<void> decode_into(std::span<const std::byte> bytes, T& out, const DecodeOptions& options = {}) {
  return decode_with<Reader>(bytes, out, options);
}
template <class T>
Result<void> decode_into(std::string_view bytes, T& out, const DecodeOptions& options = {}) {
  return decode_into(std::as_bytes(std::span(bytes)), out, options);
}

/// Decodes the value at the start of an input that may hold more behind it, and returns how many bytes belong to it:
/// what stands behind it does not. Values in one buffer are read one after another so.
template <class T>
Result<std::size_t> decode_prefix(std::span<const std::byte> bytes, T& out, const DecodeOptions& options = {}) {
  return decode_prefix_with<Reader>(bytes, out, options);
}

/// Decodes one complete value, or returns every error that it has: DecodeOptions::limits.errors at most, in the
/// order of the input. The input is read once more for each error.
template <class T>
std::expected<T, std::vector<Error>> decode_checked(std::span<const std::byte> bytes, const DecodeOptions& options = {}) {
  return structwire::decode_checked<Reader, T>(bytes, options);
}

/// Values one behind the other. The path of an error begins with the number of the value.
template <class T>
Result<std::vector<T>> decode_lines(std::span<const std::byte> bytes, const DecodeOptions& options = {}) {
  return structwire::decode_lines<Reader, T>(bytes, options);
}
/// The same, one value at a time: calls take(T&&).
template <class T, class Take>
Result<void> for_each_line(std::span<const std::byte> bytes, Take&& take, const DecodeOptions& options = {}) {
  return decode_each<Reader, T>(bytes, options, take);
}

/// Options chosen once, struct rules overridden: see DecoderFor.
template <auto... Rule>
using Decoder = DecoderFor<Reader, std::span<const std::byte>, Rule...>;

/// What streams of MessagePack are made of (structwire/streams.hpp): sw::StreamReader<sw::msgpack::Codec>.
struct Codec {
  using Reader = msgpack::Reader;
  using Writer = msgpack::Writer;
  using Scanner = msgpack::Scanner;
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire::msgpack
