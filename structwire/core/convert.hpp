// SPDX-License-Identifier: Apache-2.0
#pragma once

// The in-memory format: plain structs from and to a Value.
//
//   sw::Value value = sw::to_value(message);          // a map of the wire names
//   auto back = sw::convert<Message>(value);          // std::expected<Message, sw::Error>
//
// The same rules, kinds and error texts as for MessagePack; errors tell the path and no byte
// offset. Bytes stay bytes, integers integers, keys of maps whatever they are. Where bytes are asked for, text is
// taken as well: base64, or as the member's rule says. All functions are safe to call from any thread on different
// objects.

#include <utility>

#include <structwire/core/config.hpp>
#include <structwire/core/decode.hpp>
#include <structwire/core/encode.hpp>
#include <structwire/core/value_reader.hpp>
#include <structwire/core/value_writer.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// Replaces `out`. Errors: text that is not UTF-8, nesting deeper than 512, a Raw that is not what
/// its format says, no memory; `out` is then as before.
template <class T>
Result<void> to_value_into(const T& value, Value& out, const EncodeOptions& options = {}) {
  WriterState state(options);
  state.strict = true;
  ValueWriter writer(state);
  auto written = encode_whole(writer, value, state);
  if (written) out = writer.take();
  return written;
}

/// The Value of an object of the program's own, whatever the data in it. What to_value_into refuses
/// is taken as near as can be: text that is not UTF-8 with U+FFFD, an enumerator that a by-name list
/// does not have as its number, a Raw as Raw::nearest says. Nesting deeper than 512, a codec that
/// throws and running out of memory end the program; where those can happen, use to_value_into.
template <class T>
Value to_value(const T& value, const EncodeOptions& options = {}) {
  WriterState state(options);
  ValueWriter writer(state);
  const Result<void> written = encode_whole(writer, value, state);
  STRUCTWIRE_ASSERT(written.has_value());
  return writer.take();
}

/// Converts into an object whose memory is used again. After an error the object holds parts of the
/// old and the new value. Raw members need `options.raw_format`, the format that they shall be in.
template <class T>
Result<void> convert_into(const Value& value, T& out, const DecodeOptions& options = {}) {
  ValueReader reader(value, options);
  return decode_whole(reader, out);
}

template <class T>
Result<T> convert(const Value& value, const DecodeOptions& options = {}) {
  Result<T> result;
  if (auto converted = convert_into(value, *result, options); !converted) {
    return std::unexpected(std::move(converted.error()));
  }
  return result;
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
