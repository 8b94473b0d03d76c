// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sequences of values in one input: JSON Lines, MessagePack values one after another. Same for every format whose
// Reader can tell whether another value follows (`bool more()`, which passes over what stands between values) and
// whose Writer names what goes behind each (`value_end`).

#include <algorithm>
#include <cstddef>
#include <new>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <structwire/core/decoder.hpp>
#include <structwire/core/encoder.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// Appends a value and what ends it; after an error `out` is as before.
template <class W, class T>
Result<void> append_line(const T& value, Buffer& out, const EncodeOptions& options) {
  const std::size_t start = out.size();
  if (auto appended = append_with<W>(value, out, options); !appended) return appended;
  try {
    out.append(std::as_bytes(std::span(W::value_end)));
  } catch (const std::bad_alloc&) {
    out.resize_uninitialized(start);
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the encoded value"));
  }
  if constexpr (W::value_end == "\n") {
    // Only a Raw can hold ends of lines, between its tokens: in text they are escaped.
    const auto ends_line = [](std::byte c) { return c == std::byte{'\n'} || c == std::byte{'\r'}; };
    std::replace_if(out.data() + start, out.data() + out.size() - 1, ends_line, std::byte{' '});
  }
  return {};
}

/// Appends each value of the range with what ends a value; after an error `out` is as before.
template <class W, std::ranges::input_range Values>
Result<void> append_lines(Values&& values, Buffer& out, const EncodeOptions& options) {
  const std::size_t before = out.size();
  Result<void> appended;
  try {
    for (const auto& value : values) {
      appended = append_line<W>(value, out, options);
      if (!appended) break;
    }
  } catch (const std::bad_alloc&) {
    appended = std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the encoded value"));
  }
  if (!appended) out.resize_uninitialized(before);
  return appended;
}

/// Calls take(T&&) with one value after another; stops at the first error, whose path begins with the value's
/// number, `$[3]`. Holds one value at a time, and each may take Limits::decoded_bytes.
template <class R, class T, class Input, class Take>
Result<void> decode_each(Input input, const DecodeOptions& options, Take&& take) {
  R reader(input, options);
  try {
    for (std::size_t index = 0; reader.more(); ++index) {
      T value{};
      if (!decode_value(reader, value)) {
        reader.in_item(index);
        return std::unexpected(reader.take_error());
      }
      take(std::move(value));
      reader.forget_charges();
    }
    return {};
  } catch (const std::bad_alloc&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  } catch (const std::length_error&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  }
}

/// The value at the start of an input that may hold more behind it; returns how many bytes belong to it, with what
/// stands in front of it (white space) and without what stands behind. An input without a value is an error. In a
/// format whose numbers have no end mark the last value must be all there.
template <class R, class T, class Input>
Result<std::size_t> decode_prefix_with(Input input, T& out, const DecodeOptions& options) {
  refuse_unset<T>();
  R reader(input, options);
  try {
    if (decode_value(reader, out)) return reader.offset();
    return std::unexpected(reader.take_error());
  } catch (const std::bad_alloc&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  } catch (const std::length_error&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  }
}

/// All of them, which together may take Limits::decoded_bytes.
template <class R, class T, class Input>
Result<std::vector<T>> decode_lines(Input input, const DecodeOptions& options) {
  R reader(input, options);
  try {
    std::vector<T> values;
    while (reader.more()) {
      if (!decode_further_item(reader, values)) return std::unexpected(reader.take_error());
    }
    if (reader.failed()) return std::unexpected(reader.take_error());
    return values;
  } catch (const std::bad_alloc&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  } catch (const std::length_error&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "No memory for the decoded value"));
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
